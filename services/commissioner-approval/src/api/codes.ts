/** Of a quality service or an organisation, as a filter takes it. */
export { ANY_CODE as CODE } from '@attest/contracts';
