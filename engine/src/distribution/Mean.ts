/** Sum and number of values. */
export interface Mean {
  sum: number;
  count: number;
}

export const mean = (): Mean => ({ sum: 0, count: 0 });

export function add(to: Mean, value: number): void {
  to.sum += value;
  to.count++;
}

export function meanOf({ sum, count }: Mean, otherwise: number): number {
  return count > 0 ? sum / count : otherwise;
}
