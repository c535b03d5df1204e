using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>One formula of a derivation: a left side in the theory's letters, and what was derived for it.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Right">The derived right side.</param>
public sealed record DerivedFormula(FormulaHead Left, Expression Right);

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
public sealed record DerivationStep(string Title, string Prose, IReadOnlyList<DerivedFormula> Formulas);
