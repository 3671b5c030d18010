import { ServiceSettings } from '@attest/hosting';

/** Nothing beyond what every service needs; BUSINESS_CLOCK_MOVABLE opens the business clock's routes. */
export class CatalogueSettings extends ServiceSettings {}
