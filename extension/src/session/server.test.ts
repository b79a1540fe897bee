import { identityOf, METHODS } from '@modality-synthesis/engine';
import { coded } from '@modality-synthesis/engine/testing/coded';
import { describe, expect, it, vi } from 'vitest';
import { brainSha256, configure, engine, look, runToEnd, service, state, statusOf } from '../testing/session';
import { parseConfiguration } from './configuration';
import { placeMessage } from './placeMessage';

describe("a site's server", () => {
  const own = { url: 'https://ai.example/triton/', headers: { k: 'v' } };
  const place = { url: 'https://ai.example/triton', headers: { k: 'v' }, timeout: 300_000 };
  const consent = 'preflight/server-leaves("ai.example")';
  const check = () => state().preflight!.checks.find(({ id }) => id === 'server');
  /** With a model that a server can run, or not. */
  async function openWith(more: object = {}, served = true): Promise<void> {
    vi.stubGlobal('document', { baseURI: 'https://site/viewer/' });
    configure(() => parseConfiguration({ server: { ...own, ...more } }, ''));
    engine.lookUp.mockImplementation(async where => {
      const { models, ...rest } = look(where);
      const method = { ...METHODS[0], served };
      return { ...rest, models: { ...models, synthesis: { ...models.synthesis, method } } };
    });
    service.refresh();
    await vi.waitFor(() => expect(state().model).not.toBeNull());
  }

  it('gets nothing before somebody agrees, and then the job', async () => {
    await openWith();
    await service.start();
    expect(statusOf()).toBe('waiting');
    expect(engine.jobs).toEqual([]);
    expect(engine.startNetworks.mock.calls[0][0]).toHaveLength(1);
    service.acknowledge(identityOf(check()!.text), true);
    await runToEnd();
    expect(engine.jobs[0].server).toEqual(place);
  });

  it('is asked about by its host: another one is another question', async () => {
    await openWith();
    expect(coded(check())).toMatchObject({ level: 'amber', text: consent });
    service.acknowledge(identityOf(check()!.text), true);
    await openWith({ url: 'https://other.example' });
    await service.start();
    expect(engine.jobs).toEqual([]);
  });

  it('needs no question where the site has answered it', async () => {
    await openWith({ consent: true });
    expect(check()!.level).toBe('green');
    await runToEnd();
    expect(engine.jobs[0].server).toEqual(place);
    const [selections] = engine.startNetworks.mock.calls[0];
    expect(selections.map(({ bundle }) => bundle.sha256)).toEqual([brainSha256]);
  });

  it('gets nothing where a person chose this machine', async () => {
    await openWith({ consent: true });
    expect(state().server).toEqual({ host: 'ai.example', here: false });
    service.chooseHere(true);
    expect(state().server).toEqual({ host: 'ai.example', here: true });
    await runToEnd();
    expect(engine.jobs[0].server).toBeUndefined();
  });

  it('gets nothing of a model that it cannot run', async () => {
    await openWith({ consent: true }, false);
    expect(state().server).toBeNull();
    await runToEnd();
    expect(engine.jobs[0].server).toBeUndefined();
  });

  it('says that nothing leaves this machine only where that is true', async () => {
    const words = () => coded(placeMessage(state().server));
    expect(words()).toBe('panel/stays');
    await openWith({ consent: true });
    expect(words()).toBe('panel/leaves("ai.example")');
    service.chooseHere(true);
    expect(words()).toBe('panel/stays');
  });

  it('is not said to get images of a model that it cannot run', async () => {
    await openWith({ consent: true }, false);
    expect(coded(placeMessage(state().server))).toBe('panel/stays');
    expect(coded(check())!.text).toMatch(/^preflight\/server-not-this-model/);
  });
});
