"""The tangent kernel of drawn networks by PyTorch's autograd, the peer of TangentRace.cs: exact trace over outputs, all pairs of two inputs.

usage: python3 torch_ntk.py NETWORK WIDTH DEPTH SAMPLES PRECISION      prints CPU seconds a network, and the mean of Theta_00, Theta_01, Theta_11

NETWORK is perceptron (gelu, C_W 1.98) or resnet (tanh, C_W 2, step 1/2); PRECISION float32 or float64.
"""
import math
import sys
import time

import torch

torch.set_num_threads(1)
torch.set_default_dtype(getattr(torch, sys.argv[5]))
width, depth, samples = (int(value) for value in sys.argv[2:5])
activation, variance, skip, step = (torch.nn.functional.gelu, 1.98, 0, 1) if sys.argv[1] == "perceptron" else (torch.tanh, 2, 1, 0.5)
root = torch.linalg.cholesky(torch.tensor([[1.5, 0.6], [0.6, 1.0]]))
# One backward pass for each output and input, batched.
rows = torch.eye(2 * width).reshape(2 * width, width, 2)


def network():
    """Theta over two inputs of one network: phi at layer 0, and weights of variance 1."""
    out = torch.randn(width, 2) @ root.T
    weights = [torch.randn(width, width, requires_grad=True) for _ in range(depth)]
    for weight in weights:
        out = skip * out + step * math.sqrt(variance / width) * weight @ activation(out)
    gradients = torch.autograd.grad(out, weights, rows, is_grads_batched=True)
    jacobian = torch.cat([gradient.reshape(2 * width, -1) for gradient in gradients], 1).reshape(width, 2, -1)
    return torch.einsum("iap,ibp->ab", jacobian, jacobian) / width


network()
start, total = time.process_time(), torch.zeros(2, 2)
for _ in range(samples):
    total += network()
seconds, mean = (time.process_time() - start) / samples, total / samples
print(seconds, mean[0, 0].item(), mean[0, 1].item(), mean[1, 1].item())
