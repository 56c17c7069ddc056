import { check, notNegative, positive, share, wholeFrom, type Rule } from './check.js';
import { OptionsError } from './errors.js';
import type { Schedule } from './schedules.js';

const fromOne: Rule = ['a number from 1', (value) => value >= 1 && value < Infinity];

/** @throws OptionsError for the first setting of a schedule that makes no sense. */
export function checkSchedule(schedule: Schedule): void {
  check('schedule.warmupSteps', schedule.warmupSteps, wholeFrom(0));
  check('schedule.warmupEpochs', schedule.warmupEpochs, notNegative);
  one('warmupSteps or warmupEpochs', schedule.warmupSteps, schedule.warmupEpochs, 'none');
  switch (schedule.kind) {
    case 'constant':
      return;
    case 'cosine':
      check('schedule.minLearningRate', schedule.minLearningRate, notNegative);
      return;
    case 'cosine-restarts':
      one('cycleSteps or cycleEpochs', schedule.cycleSteps, schedule.cycleEpochs);
      check('schedule.cycleSteps', schedule.cycleSteps, positive);
      check('schedule.cycleEpochs', schedule.cycleEpochs, positive);
      // Cycles that get shorter would come to an end.
      check('schedule.cycleFactor', schedule.cycleFactor, fromOne);
      check('schedule.minLearningRate', schedule.minLearningRate, notNegative);
      return;
    case 'step':
      one('everySteps or everyEpochs', schedule.everySteps, schedule.everyEpochs);
      check('schedule.everySteps', schedule.everySteps, positive);
      check('schedule.everyEpochs', schedule.everyEpochs, positive);
      check('schedule.factor', schedule.factor, positive);
      return;
    case 'multi-step':
      one('milestoneSteps or milestoneEpochs', schedule.milestoneSteps, schedule.milestoneEpochs);
      for (const milestone of schedule.milestoneSteps ?? schedule.milestoneEpochs ?? []) {
        check('schedule.milestones', milestone, positive);
      }
      check('schedule.factor', schedule.factor, positive);
      return;
    case 'exponential':
      check('schedule.factor', schedule.factor, positive);
      return;
    case 'one-cycle':
      check('schedule.riseShare', schedule.riseShare, share);
      check('schedule.startDivisor', schedule.startDivisor, positive);
      check('schedule.endDivisor', schedule.endDivisor, positive);
      check('schedule.momentum.low', schedule.momentum?.low, belowOne);
      check('schedule.momentum.high', schedule.momentum?.high, belowOne);
      if (schedule.phases === 3) {
        check('schedule.riseShare of three phases', schedule.riseShare, [
          'a number from 0 to 0.5',
          (value) => value <= 0.5,
        ]);
      }
      return;
    case 'plateau':
      check('schedule.factor', schedule.factor, [
        'a number above 0 and below 1',
        (value) => value > 0 && value < 1,
      ]);
      check('schedule.patience', schedule.patience, wholeFrom(0));
      check('schedule.cooldown', schedule.cooldown, wholeFrom(0));
      check('schedule.threshold', schedule.threshold, notNegative);
      check('schedule.minLearningRate', schedule.minLearningRate, notNegative);
      return;
    default:
      throw new OptionsError(
        'Expected schedule.kind to be constant, cosine, cosine-restarts, step, multi-step, ' +
          `exponential, one-cycle or plateau. Received: ${String((schedule as Schedule).kind)}.`,
      );
  }
}

const belowOne: Rule = ['a number from 0, below 1', (value) => value >= 0 && value < 1];

/** Lengths have one unit. */
function one(names: string, a: unknown, b: unknown, least: 'one' | 'none' = 'one'): void {
  const given = [a, b].filter((value) => value !== undefined).length;
  if (given === 1 || (given === 0 && least === 'none')) return;
  throw new OptionsError(
    `Expected one of schedule.${names}. Received: ${given === 0 ? 'neither' : 'both'}.`,
  );
}
