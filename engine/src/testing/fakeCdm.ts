import type { Network } from '../inference/Runtime';
import type { CdmManifest } from '../methods/cdm/manifest';

/**
 * Networks that give back the middle slice of the first role that is there, plus 0.1 in the second member;
 * the error is 0.02, the left half of each slice a lesion, which enhances at 0.25.
 * @param onRun hears of each run
 */
export function fakeCdm(
  { roles, grid, lesions }: CdmManifest,
  onRun: (name: string) => void = () => {},
): (name: string) => Network {
  const [rows, columns] = grid.size;
  const plane = rows * columns;
  const near = 2 * grid.neighbours + 1;
  return name => ({
    async run({ images, availability }) {
      onRun(name);
      const more = name.endsWith('1') ? 0.1 : 0;
      const role = availability.data.indexOf(1);
      const mean = new Float32Array(grid.slab * roles.length * plane);
      const lesion = new Float32Array((grid.slab * lesions.length * plane) / 4);
      for (let s = 0; s < grid.slab; s++) {
        const from = (s * roles.length * near + role * near + grid.neighbours) * plane;
        const middle = images.data.subarray(from, from + plane);
        for (let c = 0; c < roles.length; c++) {
          mean.set(
            middle.map(v => v + more),
            (s * roles.length + c) * plane,
          );
        }
        for (let i = 0; i < plane / 4; i++) {
          const left = i % (columns / 2) < columns / 4;
          const at = (s * lesions.length * plane) / 4 + i;
          lesion[at] = left ? 0 : 1;
          lesion[at + plane / 4] = left ? 0.75 : 0;
          lesion[at + plane / 2] = left ? 0.25 : 0;
        }
      }
      const dims = [grid.slab, roles.length, rows, columns];
      return {
        mean: { dims, data: mean },
        scale: { dims, data: new Float32Array(mean.length).fill(0.02) },
        lesion: { dims: [grid.slab, lesions.length, rows / 2, columns / 2], data: lesion },
      };
    },
    async release() {},
  });
}
