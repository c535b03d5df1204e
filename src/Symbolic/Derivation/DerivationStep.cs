using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>One formula of a derivation: a left side in the theory's letters, and what was derived for it.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Right">The derived right side.</param>
public sealed record DerivedFormula(FormulaHead Left, Expression Right)
{
    /// <summary>What it says, in a sentence that stands before it; empty where the step says it.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>The formula as plain text.</summary>
    public override string ToString() => FormulaPrinter.Text(this);
}

/// <summary>
/// The left side of a formula. Operators such as E[...] or d/dt are not expressions, so a head is a small template around
/// expressions; every printer writes it in its own language.
/// </summary>
/// <param name="Kind">The operator.</param>
/// <param name="Operands">What it acts on.</param>
public sealed record FormulaHead(HeadKind Kind, params IReadOnlyList<Expression> Operands);

/// <summary>The operators that occur on left sides.</summary>
public enum HeadKind
{
    /// <summary>X = ...</summary>
    Plain,

    /// <summary>X' = ...: the value at the next layer.</summary>
    NextLayer,

    /// <summary>dX/dt = ...</summary>
    TimeDerivative,

    /// <summary>X(0) = ...</summary>
    AtDepthZero,

    /// <summary>E[X' | phi] = ...: the conditional mean at the next layer.</summary>
    ConditionalMean,

    /// <summary>n^(m-1) kappa(X', Y', ... | phi) = ...: the conditional joint cumulant at the next layer.</summary>
    ConditionalCumulant,

    /// <summary>E[X Y | phi] = ...: a covariance within a layer.</summary>
    ConditionalCovariance,

    /// <summary>chi[A]_ab = ...</summary>
    LinearResponse,

    /// <summary>Sigma_ab,cd = ...: the noise covariance per unit of depth time.</summary>
    NoiseCovariance,

    /// <summary>Part of the right side of an equation.</summary>
    Tadpole,
}

/// <summary>One step of a derivation, as a section of a paper would state it.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Prose">What is done and why, in sentences; no formula is stated here that is not derived.</param>
/// <param name="Formulas">The formulas that come out.</param>
public sealed record DerivationStep(string Title, string Prose, IReadOnlyList<DerivedFormula> Formulas)
{
    /// <summary>Terms of an equation, each with the figures that it stands beside; made by whoever knows how to draw.</summary>
    public IReadOnlyList<IllustratedTerm> Terms { get; init; } = [];
}

/// <summary>One term of an equation beside its figures.</summary>
/// <param name="Text">The term in plain text.</param>
/// <param name="Latex">The term in LaTeX, for mathematics mode.</param>
/// <param name="Remark">A few words, such as how many terms are like it; may be empty.</param>
/// <param name="Figures">The figures; may be none.</param>
public sealed record IllustratedTerm(string Text, string Latex, string Remark, IReadOnlyList<TermFigure> Figures)
{
    /// <summary>The term as a MathML element; empty where it has none.</summary>
    public string MathMl { get; init; } = "";
}

/// <summary>A figure in every form that a document may want.</summary>
/// <param name="Id">Its stable name: letters and digits.</param>
/// <param name="Factor">The number that it carries, as plain text such as 1/2.</param>
/// <param name="Notation">The figure in one line of plain text.</param>
/// <param name="Svg">An SVG file.</param>
/// <param name="Tikz">A tikzpicture.</param>
public sealed record TermFigure(string Id, string Factor, string Notation, string Svg, string Tikz)
{
    /// <summary>What a physicist calls it, such as tadpole; the stable name where it is called nothing.</summary>
    public string Name { get; init; } = Id;
}
