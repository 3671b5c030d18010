/**
 * What a service said, as a spec looks at it: an answer's body, an event's data. It differs by route and type, and the
 * writer has checked it against its schema. A spec reads any field and hands it on as text, number or list, and no type
 * but this one allows both; the spec says what it expects.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
