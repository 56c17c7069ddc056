"""Rows in Keras on TensorFlow, in the setting that the contestant's name tells."""

import os

import keras
import keras_models
import tensorflow as tf
from safetensors.numpy import load_file


def open_workload(job):
    tf.config.threading.set_intra_op_parallelism_threads(job["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(job["threads"])
    row, jit = job["row"], job["contestant"] == "keras-jit"
    keras.utils.set_random_seed(7)
    network, loss = keras_models.network(row)
    batch = load_file(os.path.join(job["folder"], "batch.safetensors"))
    names = {
        "resnet50": (["images"], ["labels"]),
        "siamese": (["a", "b"], ["target"]),
        "convlstm": (["past", "future", "reference"], ["target", "weights"]),
    }[row["network"]]
    inputs, targets = ([tf.constant(batch[name]) for name in part] for part in names)
    given = inputs[0] if len(inputs) == 1 else inputs
    if row["mode"] == "train":
        step = open_training(job, network, loss, given, targets, jit)
    else:
        step = open_inference(network, given, jit)
    network(given)  # builds what is built late, so that it can be counted
    parameters = sum(int(tf.size(v.value)) for v in network.trainable_variables)
    versions = {
        "python": os.sys.version.split()[0],
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
    }
    return step, versions, parameters


def open_training(job, network, loss, given, targets, jit):
    network(given)
    variables = network.trainable_variables
    optimizer = keras.optimizers.AdamW(job["learningRate"], weight_decay=job["weightDecay"])
    optimizer.exclude_from_weight_decay([v for v in variables if len(v.shape) <= 1])
    optimizer.build(variables)

    @tf.function(jit_compile=jit)
    def train():
        with tf.GradientTape() as tape:
            value = loss(network(given, training=True), *targets)
        gradients = tape.gradient(value, [v.value for v in variables])
        optimizer.apply(gradients, variables)
        return value

    return lambda: float(train())


def open_inference(network, given, jit):
    function = tf.function(lambda x: network(x, training=False), jit_compile=jit)
    if jit:
        return lambda: first(function(given))
    # Constants instead of variables: only then does TensorFlow fold batch norm into convolutions.
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2 as freeze,
    )

    frozen = freeze(function.get_concrete_function(given))
    flat = tf.nest.flatten(given)
    return lambda: first(frozen(*flat)[0])


def first(answer):
    return float(answer.numpy().flat[0])
