import { isLondonDate } from '@attest/calendar';
import { registerDecorator } from 'class-validator';

/** A day of the calendar written YYYY-MM-DD, in a body, a query or a path; not only text of that shape. */
export const IsBusinessDate = (): PropertyDecorator => (target, propertyName) =>
  registerDecorator({
    name: 'isBusinessDate',
    target: target.constructor,
    propertyName: propertyName as string,
    options: { message: '$property must be a date of the calendar written YYYY-MM-DD' },
    validator: { validate: (value: unknown) => typeof value === 'string' && isLondonDate(value) },
  });
