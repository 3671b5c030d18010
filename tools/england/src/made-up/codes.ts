// Codes and names that nobody can take for real ones: every code begins with X, as none of a real practice, PCN, ICB or
// region does, and every name says that it is made up.
import type { Chance } from './random.js';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = (number: number, length: number): string => String(number).padStart(length, '0');

export const practiceCode = (number: number): string => `X${digits(number, 5)}`;
export const pcnCode = (number: number): string => `XU${digits(number, 4)}`;
export const icbCode = (number: number): string => `XQ${LETTERS[number - 1]}`;
export const formerIcbCode = (number: number): string => `XF${digits(number, 2)}`;
export const regionCode = (number: number): string => `XY${number}`;
export const subIcbCode = (number: number): string => `XS${digits(number, 3)}`;
export const areaTeamCode = (number: number): string => `XT${digits(number, 2)}`;
export const ccgCode = (number: number): string => `XC${digits(number, 3)}`;

export const practiceName = (code: string): string => `MADE-UP SURGERY ${code.slice(1)}`;
export const pcnName = (code: string): string => `MADE-UP PCN ${code.slice(2)}`;
export const icbName = (code: string): string => `Made-up Integrated Care Board ${code}`;
export const regionName = (code: string): string => `Made-up Region ${code.slice(2)}`;
export const subIcbName = (icb: string, subIcb: string): string => `MADE-UP ICB ${icb} - ${subIcb}`;
export const ccgName = (code: string): string => `MADE-UP CCG ${code.slice(2)}`;

/** No postcode area is called XX. */
export const postcode = (chance: Chance): string => `XX${1 + chance.whole(99)} ${chance.whole(10)}XX`;
