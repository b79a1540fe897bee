/** Forwards DICOMweb requests to a PACS, so that the page uses one origin. */
import http from 'node:http';
import https from 'node:https';
import type { RequestHandler } from 'express';

/**
 * @param pacs address, with user and password if needed; its path precedes that of each request
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
        // Keep the page's Host header: a PACS writes it into the links of its responses.
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
    // The user left the page or cancelled the upload.
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  };
}
