// @ts-nocheck
// Codes and names that nobody can take for real ones: every code begins with X, as none of a real practice, PCN, ICB or
// region does, and every name says that it is made up.

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = (number, length) => String(number).padStart(length, '0');

export const practiceCode = (number) => `X${digits(number, 5)}`;
export const pcnCode = (number) => `XU${digits(number, 4)}`;
export const icbCode = (number) => `XQ${LETTERS[number - 1]}`;
export const formerIcbCode = (number) => `XF${digits(number, 2)}`;
export const regionCode = (number) => `XY${number}`;
export const subIcbCode = (number) => `XS${digits(number, 3)}`;
export const areaTeamCode = (number) => `XT${digits(number, 2)}`;
export const ccgCode = (number) => `XC${digits(number, 3)}`;

export const practiceName = (code) => `MADE-UP SURGERY ${code.slice(1)}`;
export const pcnName = (code) => `MADE-UP PCN ${code.slice(2)}`;
export const icbName = (code) => `Made-up Integrated Care Board ${code}`;
export const regionName = (code) => `Made-up Region ${code.slice(2)}`;
export const subIcbName = (icb, subIcb) => `MADE-UP ICB ${icb} - ${subIcb}`;
export const ccgName = (code) => `MADE-UP CCG ${code.slice(2)}`;

/** No postcode area is called XX. */
export const postcode = (chance) => `XX${1 + chance.whole(99)} ${chance.whole(10)}XX`;
