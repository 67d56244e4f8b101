import type { PartSummary, RecordedSource, StoredSource, TrainingReport } from './train-model.ts'

const FEATURES_SHOWN = 25

/** The model card as Markdown. Nothing in it depends on when or where it was written. */
export function modelCard(report: TrainingReport, plotFile: string): string {
  return [
    `# Model card: ${report.version}`,
    '',
    'A calibrated random forest that tells how likely it is that a request for a verification code is pumping or another',
    'abuse. It is one voice in a decision: rules, range blocks, caps and budgets hold whatever it says.',
    '',
    ...data(report),
    ...result(report, plotFile),
    ...(report.scenarios.some(({ scenario }) => scenario !== '') ? families(report) : []),
    ...inputs(report),
    ...limits(report),
  ].join('\n')
}

function data({ request, parts }: TrainingReport): string[] {
  const { calibration, forest } = request
  return [
    '## Data',
    '',
    ...origin(request),
    '',
    '| part | requests | fraud | from | to |',
    '| --- | ---: | ---: | --- | --- |',
    partLine('train', parts.train),
    partLine('calibration', parts.calibration),
    partLine('test', parts.test),
    '',
    `Forest: ${forest.trees} trees, depth at most ${forest.depthMax}, at least ${forest.leafWeightMin} requests a leaf. Calibration: ${calibration}.`,
    '',
  ]
}

function origin(request: TrainingReport['request']): string[] {
  if (request.stored !== undefined) return stored(request.stored)
  return request.recorded === undefined ? simulated(request) : recorded(request.recorded)
}

function limits({ request }: TrainingReport): string[] {
  if (request.stored !== undefined) return STORED_LIMITS
  return request.recorded === undefined ? LIMITS : RECORDED_LIMITS
}

function simulated(request: TrainingReport['request']): string[] {
  const { seed, days, scale, trainRuns, calibrationRuns, testRuns, heldOut } = request
  return [
    `Simulated traffic only (\`tollgate simulate\`), seed ${seed}: ${trainRuns} recordings to train on, ${calibrationRuns} to calibrate with, ${testRuns} to`,
    `test on, each ${days} days at scale ${scale} with campaigns of its own and later in time than the one before.`,
    'One in three is of world a, each of the others of a world drawn for it alone. The first half of the training was decided by rules,',
    'everything after it with a forest of that half in front, so that the model knows traffic in which much is stopped already.',
    'Fraud weighed as the root of its price.',
    heldOut.length > 0
      ? `Only the test saw: ${heldOut.join(', ')}.`
      : 'Every family of attack was seen in training; campaigns, ranges, addresses and clients of the test were not.',
  ]
}

/** The labels are those of `trainingLabel`. */
function stored(source: StoredSource): string[] {
  const { labelled, unlabelled, otherCatalogue, samplesPassed, samplesFailed } = source
  const samples = `Of those challenged by lot ${samplesPassed} passed and ${samplesFailed} did not come back: they are labelled so.`
  return [
    `The operator's own stored decisions (\`tollgate train --from-db\`): ${labelled} with a label, split by time. Fraud is what was`,
    'reported as fraud, itself or by its number, address or range; legit is what was reported as legit or verified without a report.',
    `Left out: ${unlabelled} of which nobody knows, ${otherCatalogue} that were decided on other features.`,
    ...(samplesPassed + samplesFailed === 0 ? [] : [samples]),
  ]
}

function recorded(source: RecordedSource): string[] {
  const { recordings, labelled, unlabelled, sameCampaign } = source
  return [
    `Recordings that were given (\`tollgate train EVENTS…\`): ${recordings}, with ${labelled} labelled requests, each recording replayed by itself under`,
    'the rules in force, and all of them split by time. A label is what the recording calls the truth, else a report, else a right code for legit.',
    `Left out: ${unlabelled} of which nobody knows, ${sameCampaign} of attacks that an earlier part had already.`,
  ]
}

function partLine(name: string, { rows, fraud, fromMs, toMs }: PartSummary): string {
  return `| ${name} | ${rows} | ${fraud} | ${day(fromMs)} | ${day(toMs)} |`
}

function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

function result({ metrics, bytes, gzippedBytes }: TrainingReport, plotFile: string): string[] {
  const { recallAt } = metrics
  return [
    '## Result on the test recordings',
    '',
    '| measure | value |',
    '| --- | ---: |',
    `| area under the ROC curve | ${metrics.auc.toFixed(4)} |`,
    `| average precision | ${metrics.averagePrecision.toFixed(4)} |`,
    `| log-loss | ${metrics.logLoss.toFixed(4)} |`,
    `| Brier score | ${metrics.brier.toFixed(4)} |`,
    `| recall at 0.1 % of legit hit | ${percent(recallAt['0.001'])} |`,
    `| recall at 0.3 % of legit hit | ${percent(recallAt['0.003'])} |`,
    `| recall at 1 % of legit hit | ${percent(recallAt['0.01'])} |`,
    `| model file | ${bytes} bytes, ${gzippedBytes} gzipped |`,
    '',
    `![Calibration](${plotFile})`,
    '',
  ]
}

function families({ scenarios }: TrainingReport): string[] {
  return [
    '## By scenario',
    '',
    'Share of requests above the one threshold that hits 0.3 % of all legit test requests: high is good for fraud, low for',
    'people.',
    '',
    '| scenario | truth | requests | above |',
    '| --- | --- | ---: | ---: |',
    ...scenarios.map(
      ({ scenario, fraud, rows, caught }) =>
        `| ${scenario || 'unnamed'} | ${fraud ? 'fraud' : 'legit'} | ${rows} | ${percent(caught)} |`,
    ),
    '',
  ]
}

function inputs({ request, importance }: TrainingReport): string[] {
  const { features, catalogueId } = request.catalogue
  const shown = importance.filter(({ share }) => share > 0).slice(0, FEATURES_SHOWN)
  return [
    '## Features',
    '',
    `${features.length} features of catalogue \`${catalogueId}\`. The ${shown.length} that decreased impurity most:`,
    '',
    '| feature | share |',
    '| --- | ---: |',
    ...shown.map(({ feature, share }) => `| ${feature} | ${percent(share)} |`),
    '',
  ]
}

const LIMITS = [
  '## Limits',
  '',
  '- Trained on a simulation that its authors wrote: the figures say how well the model knows that world, not yours. Backtest it',
  '  on your own recording and run it in shadow before it decides.',
  '- The probability is calibrated to the share of fraud in the simulation. Where fraud is rarer it says too much; set thresholds',
  '  on your own traffic.',
  '- A family of attack that it never saw may pass. Rules and range blocks do not depend on it.',
  '- Conversions that an attacker types in himself are labelled truly here, which no operator can do.',
  '',
]

const STORED_LIMITS = [
  '## Limits',
  '',
  '- Labels are what operators reported: fraud that nobody noticed is in the data as legit, and unanswered codes are not in it at all.',
  '- Only traffic that was sent can verify, so what the rules refuse is seen through reports alone. Keep the rules beside the model.',
  '- The test is the newest part of the same traffic. Run the model as a challenger before it decides.',
  '',
]

const RECORDED_LIMITS = [
  '## Limits',
  '',
  '- The model knows the traffic of these recordings. Backtest it on another one and run it as a challenger before it decides.',
  '- In the replay the rules decided anew: what they refused there was not sent, whatever happened when it was recorded.',
  '- Without the names of campaigns in a recording, one attack may be in two parts, and the figures above are too good.',
  '',
]

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
