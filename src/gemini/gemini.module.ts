import { Module } from '@nestjs/common';
import { HttpClientModule } from '../http-client/index.js';
import { MemoryModule } from '../memory/index.js';
import { ResilienceModule } from '../resilience/index.js';
import { SimulatorModule } from '../simulator/index.js';
import { AnswerController } from './answer/answer.controller.js';
import { AnswerTimes } from './answer-times.service.js';
import { Histories } from './answer/history.service.js';
import { Sessions } from './answer/sessions.service.js';
import { Credentials } from './credentials.js';
import { Gateway } from './gateway.js';
import { GatewayMetrics } from './gateway.metrics.js';
import { GenAiMetrics } from './genai.metrics.js';
import { ClearModelErrorsStep } from './heal/clear-model-errors.heal-step.js';
import { ClearRateLimitsStep } from './heal/clear-rate-limits.heal-step.js';
import { DropSharedAnswersStep } from './heal/drop-shared-answers.heal-step.js';
import { KeyMetrics } from './key.metrics.js';
import { KeysOverview } from './keys.overview-part.js';
import { KeysVital } from './keys.vital.js';
import { BoundResourcesState } from './kept/bound-resources.kept-state.js';
import { CircuitsState } from './kept/circuits.kept-state.js';
import { QuotaRestsState } from './kept/quota-rests.kept-state.js';
import { TargetRecordsState } from './kept/target-records.kept-state.js';
import { ModelWindows } from './model-windows.service.js';
import { PrefillModels } from './prefill-models.service.js';
import { QuotaVital } from './quota.vital.js';
import { SharedAnswers } from './sharing/shared-answers.service.js';
import { SharingMetrics } from './sharing/sharing.metrics.js';
import { StreamsOverview } from './streams.overview-part.js';
import { StuckCallsVital } from './stuck-calls.vital.js';
import { Targets } from './targets.service.js';
import { UpstreamService } from './upstream.service.js';
import { UpstreamVital } from './upstream.vital.js';
import { GoogleUpstream } from './upstream/google.upstream.js';
import { SimulatorUpstream } from './upstream/simulator.upstream.js';

/** The calls to models: native, OpenAI-compatible, and the node's own endpoint. */
@Module({
  imports: [ResilienceModule, HttpClientModule, MemoryModule, SimulatorModule],
  controllers: [AnswerController],
  providers: [
    AnswerTimes,
    PrefillModels,
    Credentials,
    Gateway,
    GatewayMetrics,
    GenAiMetrics,
    UpstreamService,
    ModelWindows,
    Histories,
    Sessions,
    GoogleUpstream,
    SimulatorUpstream,
    UpstreamVital,
    QuotaVital,
    KeysVital,
    KeysOverview,
    StreamsOverview,
    StuckCallsVital,
    SharedAnswers,
    SharingMetrics,
    KeyMetrics,
    Targets,
    ClearRateLimitsStep,
    ClearModelErrorsStep,
    DropSharedAnswersStep,
    CircuitsState,
    TargetRecordsState,
    QuotaRestsState,
    BoundResourcesState,
  ],
  exports: [Gateway],
})
export class GeminiModule {}
