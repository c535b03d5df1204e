using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// phi_i <- skip phi_i + R z_i for every neuron i, R lower triangular and different from lane to lane. Inputs go in tiles of four, whose
// part of R stays in registers while i runs; inputs beyond the last full tile go one by one. The terms of an input are added in
// ascending order, whatever its tile, so inputs with equal rows of R (and zeros behind) stay equal to the last bit.

/// <summary>The step of the state.</summary>
internal static unsafe class LaneUpdate<T, TLanes>
    where T : unmanaged
    where TLanes : struct, ILanes<T>
{
    /// <summary>Moves <paramref name="rows"/> neurons.</summary>
    /// <param name="phi">State, rows x inputs vectors.</param>
    /// <param name="z">Normals, rows x inputs vectors.</param>
    /// <param name="factor">R, packed lower triangle.</param>
    /// <param name="rows">Number of neurons.</param>
    /// <param name="inputs">N.</param>
    /// <param name="skip">Factor of the old state.</param>
    public static void Apply(Vector512<T>* phi, Vector512<T>* z, Vector512<T>* factor, int rows, int inputs, Vector512<T> skip)
    {
        int a = 0;
        for (; a + 4 <= inputs; a += 4)
        {
            for (int b = 0; b < a; b += 4) Tile(phi + a, z + b, factor, a, b, rows, inputs, b == 0 ? skip : Vector512<T>.One);
            DiagonalTile(phi + a, z + a, factor, a, rows, inputs, a == 0 ? skip : Vector512<T>.One);
        }

        for (; a < inputs; a++) Row(phi + a, z, factor + LaneGram<T, TLanes>.Packed(a, 0), a, rows, inputs, skip);
    }

    private static void DiagonalTile(Vector512<T>* phi, Vector512<T>* z, Vector512<T>* factor, int a, int rows, int inputs, Vector512<T> skip)
    {
        Vector512<T>* r = factor + LaneGram<T, TLanes>.Packed(a, a);
        Vector512<T> r00 = r[0];
        r = factor + LaneGram<T, TLanes>.Packed(a + 1, a);
        Vector512<T> r10 = r[0], r11 = r[1];
        r = factor + LaneGram<T, TLanes>.Packed(a + 2, a);
        Vector512<T> r20 = r[0], r21 = r[1], r22 = r[2];
        r = factor + LaneGram<T, TLanes>.Packed(a + 3, a);
        Vector512<T> r30 = r[0], r31 = r[1], r32 = r[2], r33 = r[3];
        for (int i = 0; i < rows; i++, phi += inputs, z += inputs)
        {
            Vector512<T> z0 = z[0], z1 = z[1], z2 = z[2], z3 = z[3];
            Vector512<T> u0 = TLanes.MultiplyAdd(r00, z0, skip * phi[0]), u1 = TLanes.MultiplyAdd(r10, z0, skip * phi[1]);
            Vector512<T> u2 = TLanes.MultiplyAdd(r20, z0, skip * phi[2]), u3 = TLanes.MultiplyAdd(r30, z0, skip * phi[3]);
            u1 = TLanes.MultiplyAdd(r11, z1, u1);
            u2 = TLanes.MultiplyAdd(r21, z1, u2);
            u3 = TLanes.MultiplyAdd(r31, z1, u3);
            u2 = TLanes.MultiplyAdd(r22, z2, u2);
            u3 = TLanes.MultiplyAdd(r32, z2, u3);
            u3 = TLanes.MultiplyAdd(r33, z3, u3);
            phi[0] = u0;
            phi[1] = u1;
            phi[2] = u2;
            phi[3] = u3;
        }
    }

    private static void Tile(Vector512<T>* phi, Vector512<T>* z, Vector512<T>* factor, int a, int b, int rows, int inputs, Vector512<T> skip)
    {
        // Two rows of the tile at a time: eight entries of R in registers.
        for (int half = 0; half < 4; half += 2)
        {
            Vector512<T>* upper = factor + LaneGram<T, TLanes>.Packed(a + half, b), lower = factor + LaneGram<T, TLanes>.Packed(a + half + 1, b);
            Vector512<T> r00 = upper[0], r01 = upper[1], r02 = upper[2], r03 = upper[3];
            Vector512<T> r10 = lower[0], r11 = lower[1], r12 = lower[2], r13 = lower[3];
            Vector512<T>* state = phi + half, normals = z;
            for (int i = 0; i < rows; i++, state += inputs, normals += inputs)
            {
                Vector512<T> z0 = normals[0], z1 = normals[1], z2 = normals[2], z3 = normals[3];
                Vector512<T> u0 = TLanes.MultiplyAdd(r00, z0, skip * state[0]), u1 = TLanes.MultiplyAdd(r10, z0, skip * state[1]);
                u0 = TLanes.MultiplyAdd(r01, z1, u0);
                u1 = TLanes.MultiplyAdd(r11, z1, u1);
                u0 = TLanes.MultiplyAdd(r02, z2, u0);
                u1 = TLanes.MultiplyAdd(r12, z2, u1);
                u0 = TLanes.MultiplyAdd(r03, z3, u0);
                u1 = TLanes.MultiplyAdd(r13, z3, u1);
                state[0] = u0;
                state[1] = u1;
            }
        }
    }

    private static void Row(Vector512<T>* phi, Vector512<T>* z, Vector512<T>* r, int a, int rows, int inputs, Vector512<T> skip)
    {
        for (int i = 0; i < rows; i++, phi += inputs, z += inputs)
        {
            Vector512<T> u = skip * phi[0];
            for (int b = 0; b <= a; b++) u = TLanes.MultiplyAdd(r[b], z[b], u);
            phi[0] = u;
        }
    }
}
