import type { SendId } from '../domain/ids.ts'
import type { Platform } from '../platform/platform.ts'
import { DISPATCH_BATCH } from './dispatch-outbox.ts'

export type Dispatcher = {
  readonly wake: (sendId: SendId) => void
}

type DispatcherParts = {
  readonly platform: Pick<Platform, 'defer' | 'log'>
  readonly dispatch: (ids: readonly SendId[]) => Promise<number>
  /** Waits a moment before each round, so that sends of one moment share a write; undefined does not wait. */
  readonly pause: (() => Promise<void>) | undefined
}

/** Sends new outbox rows at once, one round at a time. What fails here stays in the outbox for the periodic round. */
export function openDispatcher({ platform, dispatch, pause }: DispatcherParts): Dispatcher {
  const waiting: SendId[] = []
  let running = false

  const drain = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        await pause?.()
        await dispatch(waiting.splice(0, DISPATCH_BATCH))
      }
    } catch (error) {
      const cause = error instanceof Error ? error.name : 'unknown'
      platform.log.error('dispatch.failed', { cause })
    } finally {
      running = false
    }
  }
  return {
    wake: (sendId) => {
      waiting.push(sendId)
      if (running) return
      running = true
      platform.defer(drain())
    },
  }
}
