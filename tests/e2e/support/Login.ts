import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** Names of the viewer at the provider, and of the one account, whatever its password. */
const CLIENT = 'viewer';
export const ACCOUNT = 'radiologist';

/** A request to the PACS. */
export interface GuardedRequest {
  method: string;
  path: string;
  token: string | undefined;
  passed: boolean;
}

/**
 * A login as hospitals have one: an OpenID Connect provider of another site than the viewer, and a reverse
 * proxy in front of the PACS that asks the provider about the bearer token of every request.
 */
export class Login {
  /** What came to the PACS, in order. */
  readonly requests: GuardedRequest[] = [];
  /** Access tokens that were given, in order. */
  readonly given: string[] = [];
  /** Whether the guard refuses all tokens. */
  locked = false;
  private passesLeft: number | undefined;
  private readonly used = new Set<string>();
  private readonly expired = new Set<string>();
  private provider: Provider | undefined;
  private readonly doors = [
    http.createServer((request, response) => this.provider?.callback()(request, response)),
    http.createServer((request, response) => this.guard(request, response)),
  ];

  private constructor(
    private readonly pacs: string,
    private readonly host: string,
  ) {}

  /**
   * @param pacs address of the PACS behind the guard
   * @param host name of the provider; with the viewer's, 127.0.0.1, frames of it have its cookies
   */
  static async start(pacs: string, host = 'localhost'): Promise<Login> {
    const login = new Login(pacs, host);
    await Promise.all(login.doors.map(door => once(door.listen(0, '127.0.0.1'), 'listening')));
    return login;
  }

  get issuer(): string {
    return `http://${this.host}:${(this.doors[0].address() as AddressInfo).port}`;
  }

  /** Address of the guard: the PACS for those who have a token. */
  get url(): string {
    return `http://127.0.0.1:${(this.doors[1].address() as AddressInfo).port}`;
  }

  /**
   * Makes the viewer known to the provider.
   * @param viewer its address, with a slash at the end
   * @param lifetime of an access token, s
   * @param refreshTokens whether it gets any
   */
  admit(viewer: string, lifetime: number, refreshTokens = true): void {
    this.provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT,
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: [`${viewer}callback`, `${viewer}modality-synthesis-kit/silent-refresh.html`],
          post_logout_redirect_uris: [viewer],
        },
      ],
      clientBasedCORS: (_context, origin) => origin === new URL(viewer).origin,
      cookies: { keys: ['of this test'] },
      features: { revocation: { enabled: true } },
      findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
      issueRefreshToken: () => refreshTokens,
      ttl: { AccessToken: lifetime },
    });
    // OHIF's client refuses an empty answer that has a type, which RFC 7009 allows: see docs/deployment.md.
    this.provider.use(async (context, next) => {
      await next();
      if (context.path.endsWith('/revocation')) context.remove('Content-Type');
      // A frame in an isolated page wants it of every answer, redirections too.
      if (context.path.startsWith('/auth')) context.set('Cross-Origin-Resource-Policy', 'cross-origin');
    });
    this.provider.on('access_token.saved', ({ jti }) => this.given.push(jti));
  }

  /**
   * The guard refuses the tokens used so far, as if their time were over; renewed ones pass.
   * @param after requests that still pass
   */
  expire(after = 0): void {
    if (after > 0) this.passesLeft = after;
    else for (const token of this.used) this.expired.add(token);
  }

  async close(): Promise<void> {
    for (const door of this.doors) {
      door.closeAllConnections();
      door.close();
    }
  }

  private async guard(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const passed = !this.locked && Boolean(token && (await this.knows(token)));
    this.requests.push({ method, path, token, passed });
    if (token) this.used.add(token);
    if (passed && this.passesLeft !== undefined && --this.passesLeft <= 0) {
      this.passesLeft = undefined;
      this.expire();
    }
    if (!passed) {
      request.resume();
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end();
      return;
    }
    const upstream = http.request(`${this.pacs}${path}`, { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  }

  private async knows(token: string): Promise<boolean> {
    return !this.expired.has(token) && Boolean(await this.provider?.AccessToken.find(token));
  }
}
