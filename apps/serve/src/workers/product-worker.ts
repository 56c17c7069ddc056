import { writeProduct } from '../products/write-product.js';
import { inputsJob } from './inputs-job.js';
import type { ProductJob } from './jobs.js';
import { forecastProduct, observationProduct } from './product-job.js';
import { scoreJob } from './score-job.js';
import { serveJobs } from './serve-jobs.js';

serveJobs(async (job: ProductJob): Promise<unknown> => {
  switch (job.kind) {
    case 'forecast':
      return writeProduct(await forecastProduct(job), job.format, job.output);
    case 'observation':
      return writeProduct(await observationProduct(job), job.format, job.output);
    case 'inputs':
      return inputsJob(job);
    case 'score':
      return scoreJob(job);
  }
}, 'server');
