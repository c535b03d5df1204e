/* E[f(x)], x ~ N(0, K), by Arb's rigorous integration (Johansson 2018) of f(sqrt(K) z) phi(z) over |z| <= 14; beyond, |f| is at most a polynomial,
   whose tail is one of incomplete gamma functions. Prints the middle, the radius and the seconds of each integrand of integrands.c. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <acb.h>
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <arb_hypgeom.h>

#define PREC 64
#define GOAL 53
#define RANGE 14
#define MOST_POWERS 40

typedef struct
{
    void (*f)(acb_t, const acb_t, int, slong);
    const char *variance;
    int powers;
    const char *bound[MOST_POWERS];
} integrand;

/* The cuts of arctan and arsinh leave +-i along the imaginary axis. */
static int meets_cut(const acb_t x)
{
    mag_t height;
    int far;
    mag_init(height);
    arb_get_mag(height, acb_imagref(x));
    far = mag_cmp_2exp_si(height, 0) >= 0;
    mag_clear(height);
    return far && arb_contains_zero(acb_realref(x));
}

static void f_exp(acb_t y, const acb_t x, int analytic, slong prec) { acb_exp(y, x, prec); }
static void f_sin(acb_t y, const acb_t x, int analytic, slong prec) { acb_sin(y, x, prec); }
static void f_cos(acb_t y, const acb_t x, int analytic, slong prec) { acb_cos(y, x, prec); }
static void f_tanh(acb_t y, const acb_t x, int analytic, slong prec) { acb_tanh(y, x, prec); }
static void f_erf(acb_t y, const acb_t x, int analytic, slong prec) { acb_hypgeom_erf(y, x, prec); }
static void f_abs(acb_t y, const acb_t x, int analytic, slong prec) { acb_real_abs(y, x, analytic, prec); }
static void f_sign(acb_t y, const acb_t x, int analytic, slong prec) { acb_real_sgn(y, x, analytic, prec); }
static void f_step(acb_t y, const acb_t x, int analytic, slong prec) { acb_real_heaviside(y, x, analytic, prec); }

/* On the real line a square is not negative, which the product of two balls does not know. */
static void f_square(acb_t y, const acb_t x, int analytic, slong prec)
{
    acb_mul(y, x, x, prec);
    if (!analytic && acb_is_real(x)) arb_nonnegative_part(acb_realref(y), acb_realref(y));
}

static void f_arctan(acb_t y, const acb_t x, int analytic, slong prec)
{
    if (analytic && meets_cut(x)) acb_indeterminate(y); else acb_atan(y, x, prec);
}

static void f_arsinh(acb_t y, const acb_t x, int analytic, slong prec)
{
    if (acb_is_real(x) && arb_contains_zero(acb_realref(x)) && arb_is_finite(acb_realref(x)))
    {
        /* It increases: by its ends, where x^2 + 1 as a ball would hold 0. */
        arb_t end;
        arf_t low, high;
        arb_init(end); arf_init(low); arf_init(high);
        arb_get_interval_arf(low, high, acb_realref(x), prec);
        arb_set_arf(end, low);
        arb_asinh(end, end, prec);
        arb_set_arf(acb_realref(y), high);
        arb_asinh(acb_realref(y), acb_realref(y), prec);
        arb_union(acb_realref(y), acb_realref(y), end, prec);
        arb_zero(acb_imagref(y));
        arb_clear(end); arf_clear(low); arf_clear(high);
    }
    else if (analytic && meets_cut(x)) acb_indeterminate(y);
    else acb_asinh(y, x, prec);
}

static void f_relu(acb_t y, const acb_t x, int analytic, slong prec)
{
    acb_t zero;
    acb_init(zero);
    acb_real_max(y, x, zero, analytic, prec);
    acb_clear(zero);
}

static void f_logistic(acb_t y, const acb_t x, int analytic, slong prec)
{
    acb_neg(y, x);
    acb_exp(y, y, prec);
    acb_add_ui(y, y, 1, prec);
    acb_inv(y, y, prec);
}

static void f_softplus(acb_t y, const acb_t x, int analytic, slong prec)
{
    acb_exp(y, x, prec);
    acb_add_ui(y, y, 1, prec);
    acb_log_analytic(y, y, analytic, prec);
}

static void f_Phi(acb_t y, const acb_t x, int analytic, slong prec)
{
    arb_t root;
    arb_init(root);
    arb_set_ui(root, 2);
    arb_rsqrt(root, root, prec);
    acb_mul_arb(y, x, root, prec);
    acb_neg(y, y);
    acb_hypgeom_erfc(y, y, prec);
    acb_mul_2exp_si(y, y, -1);
    arb_clear(root);
}

#include "integrands.c"

typedef struct { const integrand *what; arb_t deviation; arb_t density; } problem;

static int weighted(acb_ptr y, const acb_t z, void *param, slong order, slong prec)
{
    problem *of = param;
    acb_t x, weight;
    if (order > 1) flint_abort();
    acb_init(x);
    acb_init(weight);
    acb_mul_arb(x, z, of->deviation, prec);
    of->what->f(y, x, order != 0, prec);
    acb_mul(weight, z, z, prec);
    acb_mul_2exp_si(weight, weight, -1);
    acb_neg(weight, weight);
    acb_exp(weight, weight, prec);
    acb_mul(y, y, weight, prec);
    acb_mul_arb(y, y, of->density, prec);
    acb_clear(x);
    acb_clear(weight);
    return 0;
}

/* sum_k b_k s^k 2 int_R^inf z^k phi dz,  2 int_R^inf z^k phi dz = 2^(k/2) Gamma((k + 1)/2, R^2/2) / sqrt(pi). */
static void tail(arb_t sum, const problem *of)
{
    arb_t term, order, end, scale;
    fmpq_t b;
    arb_init(term); arb_init(order); arb_init(end); arb_init(scale);
    fmpq_init(b);
    arb_zero(sum);
    arb_set_si(end, RANGE * RANGE);
    arb_mul_2exp_si(end, end, -1);
    for (int k = 0; k < of->what->powers; k++)
    {
        arb_set_si(order, k + 1);
        arb_mul_2exp_si(order, order, -1);
        arb_hypgeom_gamma_upper(term, order, end, 0, PREC);
        arb_sqrt_ui(scale, 2, PREC);
        arb_mul(scale, scale, of->deviation, PREC);
        arb_pow_ui(scale, scale, k, PREC);
        arb_mul(term, term, scale, PREC);
        arb_const_sqrt_pi(scale, PREC);
        arb_div(term, term, scale, PREC);
        fmpq_set_str(b, of->what->bound[k], 10);
        arb_set_fmpq(scale, b, PREC);
        arb_addmul(sum, term, scale, PREC);
    }
    arb_clear(term); arb_clear(order); arb_clear(end); arb_clear(scale);
    fmpq_clear(b);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

int main(void)
{
    size_t count = sizeof integrands / sizeof *integrands;
    for (int n = 0; n < NUMBERS; n++)
    {
        arb_init(numbers + n);
        arb_set_str(numbers + n, number_texts[n], PREC);
    }

    for (int warm = 1; warm >= 0; warm--)
    {
        for (size_t n = 0; n < count; n++)
        {
            double start = now();
            problem of = { integrands + n };
            acb_t value, from, to;
            arb_t rest;
            mag_t tolerance;
            arb_init(of.deviation); arb_init(of.density); arb_init(rest);
            acb_init(value); acb_init(from); acb_init(to);
            mag_init(tolerance);
            arb_set_d(of.deviation, strtod(integrands[n].variance, NULL));
            arb_sqrt(of.deviation, of.deviation, PREC);
            arb_const_pi(of.density, PREC);
            arb_mul_2exp_si(of.density, of.density, 1);
            arb_rsqrt(of.density, of.density, PREC);
            acb_set_si(from, -RANGE);
            acb_set_si(to, RANGE);
            mag_set_ui_2exp_si(tolerance, 1, -GOAL - 4);
            acb_calc_integrate(value, weighted, &of, from, to, GOAL, tolerance, NULL, PREC);
            tail(rest, &of);
            arb_add_error(acb_realref(value), rest);
            double seconds = now() - start;
            if (!warm)
            {
                char *middle = arf_get_str(arb_midref(acb_realref(value)), 40);
                printf("%s %.6e %.9f\n", middle, 1.000001 * mag_get_d(arb_radref(acb_realref(value))), seconds);
                flint_free(middle);
            }
            arb_clear(of.deviation); arb_clear(of.density); arb_clear(rest);
            acb_clear(value); acb_clear(from); acb_clear(to);
            mag_clear(tolerance);
        }
    }
    flint_cleanup();
    return 0;
}
