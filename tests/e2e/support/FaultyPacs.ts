import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Faults of a store request: an HTTP status; 202 with a failed image; no response; a connection that breaks
 * during the request, or after the image is stored and before the response; a PACS that is down.
 */
export type Fault = 401 | 403 | 409 | 413 | 500 | 'refused' | 'silent' | 'cut' | 'answer lost' | 'gone';

/** Passes some images, then fails once or until `heal`. */
export interface Step {
  fault: Fault;
  before: number;
  once?: boolean;
}

const REFUSED = JSON.stringify({
  '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xa700] } }] },
});

/** A proxy in front of a PACS, with faults on request. */
export class FaultyPacs {
  /** Images that the PACS has accepted. */
  taken = 0;
  private plan: Step[] = [];
  private readonly server = http.createServer((request, response) => this.answer(request, response));

  private constructor(private readonly pacs: string) {}

  static async start(pacs: string): Promise<FaultyPacs> {
    const proxy = new FaultyPacs(pacs);
    await new Promise<void>(resolve => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Fails as planned, step by step. */
  fail(...plan: Step[]): void {
    this.plan = plan.map(step => ({ ...step }));
  }

  heal(): void {
    this.plan = [];
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const fault = this.faultOf(request);
    if (typeof fault === 'number') {
      request.resume().on('end', () => response.writeHead(fault).end());
    } else if (fault === 'refused') {
      request
        .resume()
        .on('end', () => response.writeHead(202, { 'Content-Type': 'application/dicom+json' }).end(REFUSED));
    } else if (fault === 'cut') {
      request.once('data', () => request.socket.destroy());
    } else if (fault === 'gone') {
      request.socket.destroy();
    } else if (fault !== 'silent') {
      this.pass(request, response, fault === 'answer lost');
    }
  }

  private faultOf(request: http.IncomingMessage): Fault | undefined {
    const [step] = this.plan;
    const isImage = request.method === 'POST';
    if (!step || (!isImage && (step.fault !== 'gone' || step.before > 0))) return undefined;
    if (isImage && step.before > 0) {
      step.before--;
      return undefined;
    }
    if (step.once) this.plan.shift();
    return step.fault;
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse, loseAnswer: boolean): void {
    const { method, headers } = request;
    const upstream = http.request(`${this.pacs}${request.url}`, { method, headers }, answer => {
      if (method === 'POST' && answer.statusCode === 200) this.taken++;
      if (loseAnswer) {
        answer.resume().on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  }
}
