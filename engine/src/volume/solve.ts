/**
 * Solves `matrix` x = `right` by Cholesky's decomposition.
 * @param matrix symmetric and positive definite, n rows of n
 * @throws RangeError for any other matrix
 */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const lower = matrix.map(row => [...row]);
  for (let c = 0; c < n; c++) {
    for (let r = c; r < n; r++) {
      let sum = lower[r][c];
      for (let i = 0; i < c; i++) sum -= lower[r][i] * lower[c][i];
      if (r === c && !(sum > 0)) throw new RangeError('The matrix is not positive definite.');
      lower[r][c] = r === c ? Math.sqrt(sum) : sum / lower[c][c];
    }
  }
  const x = [...right];
  for (let r = 0; r < n; r++) {
    for (let i = 0; i < r; i++) x[r] -= lower[r][i] * x[i];
    x[r] /= lower[r][r];
  }
  for (let r = n - 1; r >= 0; r--) {
    for (let i = r + 1; i < n; i++) x[r] -= lower[i][r] * x[i];
    x[r] /= lower[r][r];
  }
  return x;
}
