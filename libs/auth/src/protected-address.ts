const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether nobody on the way can change what comes from there: https, or http from this machine itself. */
export function isProtectedAddress(address: string, takesLoopbackHttp: boolean): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || url.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' ||
    (takesLoopbackHttp && url.protocol === 'http:' && LOOPBACK.test(url.hostname))
  );
}
