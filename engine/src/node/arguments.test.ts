import { describe, expect, it } from 'vitest';
import { parseArguments } from './arguments';

const needed = ['--study', 'in', '--target', 'flair', '--out', 'out'];

describe('parseArguments', () => {
  it('has defaults for what is not needed', () => {
    expect(parseArguments(needed)).toEqual({
      study: 'in',
      targets: [{ id: 'flair' }],
      out: 'out',
      settings: {},
      seed: 1,
      provider: 'cpu',
      precision: 'fp32',
      acceptWarnings: false,
      uncertainty: false,
      check: false,
      json: false,
    });
  });

  it('reads every option', () => {
    const all = [
      ...[
        '--study=in',
        '--target',
        'T1ce, flair,flair',
        '--out',
        'out',
        '--sources',
        't1,t2',
        '--reference',
        't1',
      ],
      ...[
        '--slices',
        '71-79',
        '--bundle',
        'b',
        '--brain-bundle',
        'bb',
        '--paths',
        '4',
        '--seed',
        '0',
        '--provider',
        'webgpu',
        '--precision',
        'fp16',
        '--accept-warnings',
        '--uncertainty',
        '--check',
        '--json',
      ],
    ];
    expect(parseArguments(all)).toEqual({
      study: 'in',
      targets: [{ id: 't1ce' }, { id: 'flair' }],
      out: 'out',
      sources: ['t1', 't2'],
      reference: 't1',
      slices: { from: 71, to: 79 },
      bundle: 'b',
      regionBundle: 'bb',
      settings: { paths: 4 },
      seed: 0,
      provider: 'webgpu',
      precision: 'fp16',
      acceptWarnings: true,
      uncertainty: true,
      check: true,
      json: true,
    });
  });

  it('takes a server from those who agree to send images there', () => {
    const options = parseArguments([...needed, '--server', 'https://ai.example/triton/', '--send-images']);
    expect(options).toMatchObject({ server: 'https://ai.example/triton' });
  });

  it('answers a call for help before it misses anything', () => {
    expect(parseArguments(['--help'])).toBeNull();
    expect(parseArguments(['-h', '--seed', 'x'])).toBeNull();
  });

  it.each([
    [[], '--study|--target is missing'],
    [['--study', 'in', '--target', 't1'], '--out is missing'],
    [[...needed, '--nope'], "Unknown option '--nope'; --help"],
    [[...needed, 'stray'], "Unexpected argument 'stray'"],
    [[...needed, '--seed'], '--seed needs a value'],
    [['--study', '--target', 't1'], '--study needs a value'],
    [[...needed, '--json=yes'], 'does not take an argument'],
    [
      ['--study', 'in', '--target', 'adc', '--out', 'out'],
      '“adc” is not a contrast; known are t1, t1ce, t2, flair',
    ],
    [[...needed, '--sources', 't1,'], '“” is not a contrast'],
    [[...needed, '--sources', 't1,flair'], 'flair is both in --target and in --sources'],
    [[...needed, '--sources', 't1', '--reference', 't2'], '--reference t2 is not among --sources'],
    [[...needed, '--slices', '9-3'], '--slices must be like 71-79, counted from 1, not “9-3”'],
    [[...needed, '--slices', '0'], 'not “0”'],
    [[...needed, '--paths', '0'], '--paths must be a whole number from 1 to 16, not “0”'],
    [[...needed, '--seed', '-1'], '--seed needs a value'],
    [[...needed, '--seed', '1e3'], '--seed must be a whole number'],
    [[...needed, '--provider', 'cuda'], '--provider must be cpu or webgpu, not “cuda”'],
    [[...needed, '--server', 'https://ai.example'], 'study to ai.example: agree to it by --send-images'],
    [[...needed, '--server', 'ai.example', '--send-images'], '--server must be an address'],
    [[...needed, '--server', 'https://a:b@ai.example', '--send-images'], 'without a password'],
    [[...needed, '--send-images'], '--send-images goes with --server'],
    [[...needed, '--precision', 'fp8'], '--precision must be fp32 or fp16, not “fp8”'],
  ])('refuses %j in one text', (args, words) => {
    const refusal = expect.objectContaining({ code: 'configuration-invalid' });
    expect(() => parseArguments(args)).toThrow(refusal);
    expect(() => parseArguments(args)).toThrow(new RegExp(words.replace(/[.()]/g, '\\$&')));
    expect(() => parseArguments(args)).toThrow(/^[^\n]*--help[^\n]*\.$/);
  });

  it('takes an image to be made again instead of what its record says', () => {
    const again = ['--again', 'a.dcm', '--study', 'in'];
    expect(parseArguments(again)).toEqual({ again: 'a.dcm', study: 'in', out: 'again', json: false });
    expect(
      parseArguments([...again, '--out', 'o', '--provider', 'webgpu', '--bundle', 'b', '--json']),
    ).toEqual({
      again: 'a.dcm',
      study: 'in',
      out: 'o',
      provider: 'webgpu',
      bundle: 'b',
      json: true,
    });
    for (const option of ['target', 'sources', 'reference', 'paths', 'seed', 'precision']) {
      expect(() => parseArguments([...again, `--${option}`, 't1'])).toThrow(
        `--${option} does not go with --again, whose file says how`,
      );
    }
    expect(() => parseArguments(['--again', 'a.dcm'])).toThrow('--study is missing');
  });
});
