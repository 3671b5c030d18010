/** The next of a list that must not run out. */
export function nextOf<T>(left: Iterator<T>): T {
  const next = left.next();
  if (next.done) throw new Error('there are no more of them');
  return next.value;
}
