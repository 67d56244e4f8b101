/** A model file that must not run. The caller keeps the model it has and shows the message to the operator. */
export class ModelRefused extends Error {
  override readonly name = 'ModelRefused'
}

/** Data that no model can be learned from. The message names the row and the feature where there is one. */
export class TrainingRefused extends Error {
  override readonly name = 'TrainingRefused'
}
