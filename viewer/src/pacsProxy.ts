/** Passes DICOMweb requests on to a PACS, so that the page talks to one origin only. */
import http from 'node:http';
import https from 'node:https';
import type { RequestHandler } from 'express';

/**
 * @param pacs its address, with user and password if it wants them; a path is put before each request's own
 */
export function pacsProxy(pacs: URL): RequestHandler {
  const client = pacs.protocol === 'https:' ? https : http;
  const auth = pacs.username
    ? `${decodeURIComponent(pacs.username)}:${decodeURIComponent(pacs.password)}`
    : undefined;
  return (request, response) => {
    const upstream = client.request(
      {
        hostname: pacs.hostname.replace(/^\[|\]$/g, ''),
        port: pacs.port || undefined,
        path: pacs.pathname.replace(/\/$/, '') + request.originalUrl,
        method: request.method,
        // The Host header stays the page's: a PACS writes it into the links of its answers.
        headers: request.headers,
        auth,
      },
      answer => {
        for (const [name, value] of Object.entries(answer.headers))
          if (value !== undefined) response.setHeader(name, value);
        response.writeHead(answer.statusCode ?? 502);
        answer.pipe(response);
      },
    );
    upstream.on('error', error => {
      if (response.headersSent) response.destroy(error);
      else response.status(502).send(`The PACS at ${pacs.origin} does not answer: ${error.message}.`);
    });
    // The person left the page, or cancelled the upload.
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  };
}
