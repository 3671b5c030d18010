import { ITEM_SERVICES } from '@attest/england/item-services';

/** The item-of-service scheme that a scene is about, by its place in the list. */
export function itemService(at: number) {
  const service = ITEM_SERVICES[at];
  if (!service) throw new Error(`There are only ${ITEM_SERVICES.length} item-of-service schemes`);
  return service;
}
