import { createServer, type Server } from 'node:http';
import type { StudyQueue } from '../queue/openQueue';

/** How many studies are where, by the state that the queue has for them, in Prometheus' text format. */
export async function metricsText(queue: Pick<StudyQueue, 'getJobCounts'>): Promise<string> {
  const { waiting = 0, prioritized = 0, delayed = 0, ...counts } = await queue.getJobCounts();
  const states = {
    waiting: waiting + prioritized + delayed,
    active: counts.active ?? 0,
    completed: counts.completed ?? 0,
    failed: counts.failed ?? 0,
  };
  return [
    '# TYPE modality_synthesis_studies gauge',
    ...Object.entries(states).map(([state, n]) => `modality_synthesis_studies{state="${state}"} ${n}`),
    '',
  ].join('\n');
}

/** Serves the counts under every path, for what adds and removes workers. */
export function serveMetrics(queue: StudyQueue, port: number): Promise<Server> {
  const server = createServer((_, response) => {
    metricsText(queue).then(
      text => response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, () => resolve(server));
  });
}
