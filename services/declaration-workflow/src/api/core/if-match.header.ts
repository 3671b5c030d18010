/** For OpenAPI: what has to be named by whoever moves a declaration that they looked at. */
export const IF_MATCH = {
  name: 'If-Match',
  required: true,
  description: 'the ETag you last read, for example "7"',
} as const;
