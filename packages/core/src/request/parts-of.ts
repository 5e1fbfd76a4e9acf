/** A request's own members, for the same request at another URL. */
export function partsOf(request: Request): RequestInit {
  const {
    method,
    headers,
    mode,
    credentials,
    cache,
    redirect,
    referrer,
    referrerPolicy,
    integrity,
    keepalive,
    signal,
  } = request
  return {
    method,
    headers,
    credentials,
    cache,
    redirect,
    referrerPolicy,
    integrity,
    keepalive,
    signal,
    ...(mode === 'navigate' ? {} : { mode }),
    ...(referrer === 'about:client' ? {} : { referrer }),
  }
}
