using Microsoft.DotNet.Interactive;

namespace SymbolicEft.Interactive;

/// <summary>What a notebook loads with <c>#r "nuget: SymbolicEft.Interactive"</c>.</summary>
public sealed class SymbolicEftExtension : IKernelExtension
{
    /// <summary>Teaches the notebook how results look.</summary>
    /// <param name="kernel">The notebook's kernel.</param>
    public Task OnLoadAsync(Kernel kernel)
    {
        NotebookViews.Register();
        return Task.CompletedTask;
    }
}
