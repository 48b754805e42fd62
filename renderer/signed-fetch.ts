/** Where a page runs, as far as signing in concerns it. */
export type SignInHost = {
  readonly sessionStorage: Pick<Storage, 'getItem'>;
  readonly location: { readonly hash: string; readonly replace: (url: string) => void };
  readonly fetch: typeof fetch;
};

/** Where the page that asks for the token leaves it, for this tab alone. */
const TOKEN_KEY = 'memoir.token';

/**
 * The host's `fetch`, sending the token of a Memoir that asks for one. Where the token is missing or no longer counts
 * (401), leads to the page that asks for it, which leads back to the same address.
 */
export function signedFetch(host: SignInHost): typeof fetch {
  return async (input, init) => {
    const token = keptToken(host);
    const headers = new Headers(init?.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    const response = await host.fetch(input, { ...init, headers });
    if (response.status === 401) host.location.replace(`./sign-in${host.location.hash}`);
    return response;
  };
}

function keptToken(host: SignInHost): string | null {
  try {
    return host.sessionStorage.getItem(TOKEN_KEY);
  } catch {
    // Some browsers refuse storage to pages; without it there is no token, and where none is needed all works.
    return null;
  }
}
