using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Specifications;
var k = new double[4,4]; for (int a=0;a<4;a++) for (int b=0;b<4;b++) k[a,b]= a==b?2:0.6;
foreach (var (q,s) in new (QuadratureChoice, SymbolicEft.Numeric.Solving.Stepping)[] { (QuadratureChoice.Certified, SymbolicEft.Numeric.Solving.Stepping.Discrete),(QuadratureChoice.Certified, SymbolicEft.Numeric.Solving.Stepping.Continuous),(QuadratureChoice.Certified, SymbolicEft.Numeric.Solving.Stepping.Euler),(new QuadratureChoice(32), SymbolicEft.Numeric.Solving.Stepping.Euler)}) {
var sw = System.Diagnostics.Stopwatch.StartNew();
var spec = new Specification { Kernel = k, Quadrature=q, Stepping=s };
var d = Theory.Derive(spec); var t1=sw.Elapsed.TotalSeconds;
var r = Theory.Solve(spec, d, default);
Console.WriteLine($"{q} {s} derive {t1:F3} total {sw.Elapsed.TotalSeconds:F3} err {r.LargestRelativeError}");
foreach (int i in new[]{2,4,6,8}) Console.WriteLine($" t={r.Times[i]} K0 {r.K0[i][0]:F5} V4 {r.V4[i][0]:F4} V0101 {r.V4At(i,(0,1),(0,1)):F4} K1 {r.K1[i][0]:F5} U1 {r.U1[i][0]:F5} src {r.SourceOnlyV4[i][0]:F4}");
}
