import { type Point3, resample, type Volume, valueAtWorld } from '@modality-synthesis/engine';
import { mat4, vec3 } from 'gl-matrix';
import { expect, it } from 'vitest';
import { planeGrid, samePlane } from './planeGrid';

/** An oblique volume whose value is a linear function of the position, which interpolation keeps. */
function linearVolume(): Volume {
  const indexToWorld = mat4.fromTranslation(mat4.create(), [-30, -20, 10]);
  mat4.rotateX(indexToWorld, indexToWorld, 0.3);
  mat4.rotateZ(indexToWorld, indexToWorld, -0.2);
  mat4.scale(indexToWorld, indexToWorld, [2, 1.5, 4]);
  const dims: Point3 = [30, 28, 12];
  const data = new Float32Array(30 * 28 * 12);
  for (let n = 0; n < data.length; n++) {
    const index: Point3 = [n % 30, Math.floor(n / 30) % 28, Math.floor(n / 840)];
    const [x, y, z] = vec3.transformMat4(vec3.create(), index, indexToWorld);
    data[n] = x + 3 * y - 2 * z;
  }
  return { dims, indexToWorld, data };
}

const [X0, Y0, Z0] = indexToWorldOf([15, 14, 6]);

/** A canvas of 40 x 30 pixels, turned, flipped and oblique, around the volume's centre. */
const canvasToWorld = ([x, y]: [number, number]): Point3 => [
  X0 + 0.3 * (x - 20) - 0.4 * (y - 15),
  Y0 - 0.4 * (x - 20) - 0.3 * (y - 15),
  Z0 + 0.1 * (x - 20),
];

function indexToWorldOf(index: Point3): vec3 {
  return vec3.transformMat4(vec3.create(), index, linearVolume().indexToWorld);
}

it('samples the plane that the viewport shows, at the centres of its pixels', () => {
  const volume = linearVolume();
  const plane = planeGrid(canvasToWorld, 40, 30);
  expect(plane).toMatchObject({ dims: [40, 30, 1], step: 1 });
  const { data } = resample(volume, plane, Number.NaN);
  for (const [x, y] of [
    [0, 0],
    [39, 0],
    [13, 22],
    [39, 29],
  ]) {
    const [X, Y, Z] = canvasToWorld([x + 0.5, y + 0.5]);
    expect(data[x + 40 * y]).toBeCloseTo(X + 3 * Y - 2 * Z, 2);
    expect(valueAtWorld(volume, [X, Y, Z])).toBeCloseTo(data[x + 40 * y], 2);
  }
});

it('is not a number outside the volume', () => {
  const far = (point: [number, number]): Point3 => {
    const [x, y, z] = canvasToWorld(point);
    return [x + 500, y, z];
  };
  const { data } = resample(linearVolume(), planeGrid(far, 40, 30), Number.NaN);
  expect(data.every(Number.isNaN)).toBe(true);
});

it('samples a large canvas more coarsely, over the same field of view', () => {
  const plane = planeGrid(canvasToWorld, 4000, 3000);
  expect(plane.dims[0] * plane.dims[1]).toBeLessThan(1_010_000);
  expect(plane.step * plane.dims[0]).toBeGreaterThanOrEqual(4000);
  const [x, y, z] = canvasToWorld([plane.step / 2 + 500 * plane.step, plane.step / 2]);
  const at = vec3.transformMat4(vec3.create(), [500, 0, 0], plane.indexToWorld);
  for (const [axis, value] of [x, y, z].entries()) expect(at[axis]).toBeCloseTo(value, 2);
});

it('tells planes apart', () => {
  const plane = planeGrid(canvasToWorld, 40, 30);
  expect(samePlane(plane, planeGrid(canvasToWorld, 40, 30))).toBe(true);
  expect(samePlane(plane, planeGrid(canvasToWorld, 41, 30))).toBe(false);
  const next = (point: [number, number]): Point3 => [...canvasToWorld(point)].map(v => v + 0.01) as Point3;
  expect(samePlane(plane, planeGrid(next, 40, 30))).toBe(false);
});
