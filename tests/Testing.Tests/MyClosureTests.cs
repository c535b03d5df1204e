using SymbolicEft.Testing;

namespace MyDerivations.Tests;

public class MyClosureTests
{
    // My closure: S, and the layer mean of phi. Five lines, six laws, random networks.
    [Fact]
    public void MyClosureObeysEveryLaw()
    {
        foreach (Law law in ClosureLaws.All("[x*y, sigma(x)*sigma(y), x]", new LawOptions { MostInputs = 2, MostLayers = 3 }))
            law.Check(networks: 2);
    }

    // My activation, in the modes of every order up to 6.
    [Fact]
    public void MyActivationObeysEveryLaw()
    {
        foreach (Law law in ClosureLaws.All("hermite(6)", new LawOptions { Activations = ["x*tanh(x)"] }))
            law.Check(networks: 5);
    }
}
