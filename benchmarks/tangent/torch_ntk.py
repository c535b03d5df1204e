"""The tangent kernel of drawn perceptrons by PyTorch's autograd, to compare with symeft simulate --ntk: exact trace over outputs, all pairs of two inputs.

usage: python3 torch_ntk.py WIDTH DEPTH SAMPLES      prints CPU seconds a network, and the mean of Theta
"""
import math
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
width, depth, samples = (int(value) for value in sys.argv[1:4])
variance, kernel = 1.98, torch.tensor([[1.5, 0.6], [0.6, 1.0]])
root = torch.linalg.cholesky(kernel)


def network():
    """One network: phi at layer 0, and weights of variance 1."""
    phi = torch.randn(width, 2) @ root.T
    weights = [torch.randn(width, width, requires_grad=True) for _ in range(depth)]
    out = phi
    for weight in weights:
        out = math.sqrt(variance / width) * weight @ torch.nn.functional.gelu(out)
    # One backward pass for each output and input, batched.
    rows = torch.eye(2 * width).reshape(2 * width, width, 2)
    gradients = torch.autograd.grad(out, weights, rows, is_grads_batched=True)
    jacobian = torch.cat([gradient.reshape(2 * width, -1) for gradient in gradients], 1).reshape(width, 2, -1)
    return torch.einsum("iap,ibp->ab", jacobian, jacobian) / width


network()
start, total = time.process_time(), torch.zeros(2, 2)
for _ in range(samples):
    total += network()
print(f"{(time.process_time() - start) / samples:.3g} s a network; mean of Theta {(total / samples).tolist()}")
