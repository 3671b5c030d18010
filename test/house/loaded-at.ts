/** Where this copy of the module was loaded from. */
export const loadedAt = import.meta.url;
