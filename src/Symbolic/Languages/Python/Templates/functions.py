erf = np.vectorize(math.erf, otypes=[float])


erfc = np.vectorize(math.erfc, otypes=[float])


def logistic(x):
    return np.exp(-np.logaddexp(0.0, -x))


normal_distribution = np.vectorize(lambda x: 0.5 * math.erfc(-x / math.sqrt(2.0)), otypes=[float])


def relu(x):
    return np.maximum(x, 0.0)


def unit_step(x):
    return np.heaviside(x, 0.5)


def softplus(x):
    return np.logaddexp(0.0, x)


def put_pair(array, a, b, value):
    array[a, b] = array[b, a] = value


def put_pairs(array, a, b, c, d, value):
    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value


def put_covariance(array, a, b, c, d, value):
    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value
    array[c, d, a, b] = array[c, d, b, a] = array[d, c, a, b] = array[d, c, b, a] = value
