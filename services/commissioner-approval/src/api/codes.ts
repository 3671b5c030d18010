/** Of a quality service or an organisation, as a filter takes it: whatever else was sent fits none. */
export const CODE = /^[A-Z][A-Z0-9]{1,19}$/;
