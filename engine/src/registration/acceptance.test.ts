import { expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { coded } from '../testing/coded';
import { checkAcceptance } from './acceptance';

const limits = DOMAINS[0].registration;

it.each([
  ['a still head', 0.4, 0.2, 1.39, 1.391, 'aligned'],
  ['a still head that the search left slightly worse', 0.4, 0.2, 1.39, 1.37, 'aligned'],
  ['a head that moved', 17, 4.8, 1.1, 1.21, 'registered'],
  ['a head that only turned', 0.3, 1.4, 1.1, 1.21, 'registered'],
  ['headers that hardly overlap', 60, 2, 0, 1.3, 'registered'],
  ['a motion that explains nothing', 0.3, 2, 1.2, 1.204, 'aligned'],
  ['a motion that is hardly worse', 0.3, 2, 1.2, 1.196, 'aligned'],
] as const)('%s', (_, millimetres, degrees, before, after, verdict) => {
  expect(checkAcceptance({ millimetres, degrees }, { before, after, mirrored: 1.1 }, limits)).toEqual({
    verdict,
    doubtful: false,
  });
});

it.each([
  ['another head', 1.2, 1.2, true],
  ['a head that has little in common with the other', 1.14, 1.05, true],
  ['one that cannot be laid onto the other as a mirror image', 1.2, 0, true],
  ['a head of which little sets left and right apart', 1.25, 1.225, false],
  ['a phantom that is its own mirror image', 1.4, 1.4, false],
] as const)('%s', (_, after, mirrored, doubtful) => {
  const found = checkAcceptance({ millimetres: 3, degrees: 2 }, { before: 1.1, after, mirrored }, limits);
  expect(found).toEqual({ verdict: 'registered', doubtful });
});

it.each([
  ['a result worse than the start', 12, 3, 1.25, 1.2, 'less-alike(registration/found(12.0, 3.0))'],
  ['a shift beyond belief', 130, 3, 1.1, 1.2, 'implausible(registration/found(130.0, 3.0))'],
  ['a turn beyond belief', 5, 80, 1.1, 1.2, 'implausible(registration/found(5.0, 80.0))'],
  ['two images that have nothing in common', 0.2, 0.1, 1.01, 1.02, 'too-little-in-common'],
  ['a mirror image', 0.3, 0.2, 1.2, 1.2, 'mirrored', 1.25],
  [
    'headers that hardly overlap and a head that fits no better than another',
    15,
    9,
    0,
    1.22,
    'too-little-in-common',
    1.22,
  ],
] as const)('refuses %s', (_, millimetres, degrees, before, after, reason, mirrored: number = 1) => {
  expect(coded(checkAcceptance({ millimetres, degrees }, { before, after, mirrored }, limits))).toEqual({
    refused: `registration/${reason}`,
  });
});
