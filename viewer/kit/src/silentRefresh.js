/** Runs in the hidden frame in which OHIF renews a login: hands the provider's answer to OHIF's oidc-client-ts. */
parent.postMessage({ source: 'oidc-client', url: location.href, keepOpen: false }, location.origin);
