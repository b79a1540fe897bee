import { describe, expect, it } from 'vitest';
import { asSynthesisError, checkpoint, SynthesisError, throwIfCancelled } from './errors';

const aborted = AbortSignal.abort();

describe('SynthesisError', () => {
  it('carries code, text and cause', () => {
    const cause = new Error('inner');
    const error = new SynthesisError('no-region', 'No brain.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'SynthesisError', code: 'no-region', message: 'No brain.', cause });
  });
});

describe('throwIfCancelled', () => {
  it('throws only when aborted', () => {
    expect(() => throwIfCancelled()).not.toThrow();
    expect(() => throwIfCancelled(new AbortController().signal)).not.toThrow();
    expect(() => throwIfCancelled(aborted)).toThrow(expect.objectContaining({ code: 'cancelled' }));
  });
});

describe('checkpoint', () => {
  it('passes when there is nothing to cancel', async () => {
    await expect(checkpoint()).resolves.toBeUndefined();
    await expect(checkpoint(new AbortController().signal)).resolves.toBeUndefined();
  });

  it('throws when aborted', async () => {
    await expect(checkpoint(aborted)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('hears a cancel that was posted before', async () => {
    const controller = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => controller.abort();
    port2.postMessage('cancel');
    await expect(checkpoint(controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
    port1.close();
  });
});

describe('asSynthesisError', () => {
  it('keeps our own error', () => {
    const own = new SynthesisError('no-overlap', 'Apart.');
    expect(asSynthesisError(own, 'inference-failed', 'Failed.')).toBe(own);
  });

  it.each([new TypeError('x'), 'text', undefined])('wraps %s as the cause', thrown => {
    const error = asSynthesisError(thrown, 'inference-failed', 'Failed.');
    expect(error).toBeInstanceOf(SynthesisError);
    expect(error).toMatchObject({ code: 'inference-failed', message: 'Failed.' });
    expect(error.cause).toBe(thrown);
  });
});
