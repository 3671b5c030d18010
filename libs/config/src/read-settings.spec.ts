import { describe, expect, it } from '@jest/globals';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { readSettings, requiredSettingNames, settingNames } from './read-settings.js';
import { SettingsFaultyError } from './settings-faulty.error.js';

class BaseSettings {
  @IsString()
  KAFKA_BROKERS!: string;

  @IsInt()
  @Min(1)
  OUTBOX_BATCH_SIZE: number = 1000;
}

class SomeSettings extends BaseSettings {
  @IsBoolean()
  CLOCK_MOVABLE: boolean = false;

  @IsOptional()
  @IsIn(['a', 'b'])
  MODE?: string;
}

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readSettings(SomeSettings, env);
  } catch (error) {
    if (error instanceof SettingsFaultyError) return error.faults;
    throw error;
  }
  return [];
};

describe('settings', () => {
  it('are read by their types', () => {
    expect(
      readSettings(SomeSettings, {
        KAFKA_BROKERS: ' h:1 ',
        OUTBOX_BATCH_SIZE: '5',
        CLOCK_MOVABLE: 'true',
        MODE: 'a',
      }),
    ).toEqual({ KAFKA_BROKERS: 'h:1', OUTBOX_BATCH_SIZE: 5, CLOCK_MOVABLE: true, MODE: 'a' });
  });

  it('have their initial values where they are left out or empty', () => {
    const settings = readSettings(SomeSettings, { KAFKA_BROKERS: 'h:1', OUTBOX_BATCH_SIZE: '' });
    expect(settings).toMatchObject({ OUTBOX_BATCH_SIZE: 1000, CLOCK_MOVABLE: false });
    expect(settings).toBeInstanceOf(SomeSettings);
  });

  it('do not take "false" for true, nor a word for a number', () => {
    expect(readSettings(SomeSettings, { KAFKA_BROKERS: 'h:1', CLOCK_MOVABLE: 'false' }).CLOCK_MOVABLE).toBe(
      false,
    );
    expect(faultsOf({ KAFKA_BROKERS: 'h:1', CLOCK_MOVABLE: 'yes', OUTBOX_BATCH_SIZE: '5k' })).toHaveLength(2);
  });

  it('tell every fault at once, by name', () => {
    expect(faultsOf({ OUTBOX_BATCH_SIZE: '0', MODE: 'secret-value' })).toEqual(
      expect.arrayContaining([
        'KAFKA_BROKERS is missing',
        expect.stringContaining('OUTBOX_BATCH_SIZE must not be less than 1'),
        expect.stringContaining('MODE must be one of'),
      ]),
    );
  });

  it('never tell a value', () => {
    expect(() => readSettings(SomeSettings, { MODE: 'secret-value' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret-value') }) as unknown as Error,
    );
  });

  it('are required unless they have an initial value or are optional', () => {
    expect(requiredSettingNames(SomeSettings)).toEqual(['KAFKA_BROKERS']);
  });

  it('take nothing that is not asked for', () => {
    expect(settingNames(SomeSettings)).toEqual([
      'CLOCK_MOVABLE',
      'KAFKA_BROKERS',
      'MODE',
      'OUTBOX_BATCH_SIZE',
    ]);
    expect(readSettings(SomeSettings, { KAFKA_BROKERS: 'h:1', HOME: '/root' })).not.toHaveProperty('HOME');
  });
});
