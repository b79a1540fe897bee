import { describe, expect, it } from 'vitest';
import { DOMAINS } from '../domains';
import { render } from '../messages';
import { METHODS } from '../methods';
import { coded } from '../testing/coded';
import { model, soundFacts } from '../testing/preflight';
import { textsOf } from '../texts';
import type { PreflightFacts, ServerFacts } from './facts';
import { runPreflight } from './runPreflight';

const SERVER: ServerFacts = { host: 'ai.example', consented: false, here: false };
const found = (facts: Partial<PreflightFacts>) => {
  const { checks, pending } = runPreflight(soundFacts(facts), DOMAINS[0]);
  return { check: checks.find(({ id }) => id === 'server'), pending };
};

describe('checkServer', () => {
  it('says nothing where the site has no server', () => {
    expect(found({})).toEqual({ check: undefined, pending: [] });
  });

  it('waits for the model', () => {
    expect(found({ server: SERVER, model: undefined }).pending).toContain('server');
  });

  it.each([
    ['asks before images leave', {}, 'amber', 'server-leaves("ai.example")'],
    [
      'says so where the site has answered for it',
      { consented: true },
      'green',
      'server-configured("ai.example")',
    ],
    [
      'says that none leaves where a person chose this machine',
      { here: true },
      'green',
      'server-here("ai.example")',
    ],
  ] as const)('%s', (_, more, level, text) => {
    const { check } = found({ server: { ...SERVER, ...more } });
    expect(coded(check)).toMatchObject({ level, text: `preflight/${text}` });
  });

  it('says that none leaves where the model cannot run there', () => {
    const method = { ...METHODS[0], served: false };
    const { check } = found({ server: SERVER, model: { ...model(), method } });
    expect(coded(check)).toMatchObject({ level: 'green' });
    expect(coded(check)!.text).toMatch(/^preflight\/server-not-this-model/);
  });

  it.each(['en', 'de'] as const)('names the host to a person (%s)', language => {
    const { check } = found({ server: SERVER });
    const texts = textsOf(language);
    expect(render(check!.text, { template: code => texts[code], number: String })).toContain('ai.example');
  });
});
