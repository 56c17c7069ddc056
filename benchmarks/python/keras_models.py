"""The networks of this repository in Keras, channels last."""

import keras
import tensorflow as tf
from keras import layers, ops


def classifier(height, width, classes=3):
    """ResNet-50 as torchvision has it (version 1.5), which keras.applications has not."""
    images = keras.Input((height, width, 3))
    x = trunk(images, bottleneck, expansion=4)[-1]
    return keras.Model(images, layers.Dense(classes)(layers.GlobalAveragePooling2D()(x)))


def classifier_loss(logits, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))


def siamese(height, width, stages=(256, 128, 64, 32, 16)):
    """One ResNet-34 for both dates, absolute differences at every scale, a U-Net decoder."""
    image = keras.Input((height, width, 3))
    encoder = keras.Model(image, trunk(image, basic_block, expansion=1))
    a, b = keras.Input((height, width, 3)), keras.Input((height, width, 3))
    differences = [ops.abs(ops.subtract(a, b))]
    for feature in encoder(ops.concatenate([a, b], axis=0)):
        first, second = ops.split(feature, 2, axis=0)
        differences.append(ops.abs(ops.subtract(first, second)))
    x = differences.pop()
    for channels in stages:
        x = layers.Concatenate()([layers.UpSampling2D(2)(x), differences.pop()])
        x = convolve(convolve(x, channels, 3), channels, 3)
    return keras.Model([a, b], layers.Conv2D(1, 3, padding="same")(x))


def siamese_loss(logits, target):
    bce = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(target, logits))
    probability = tf.sigmoid(logits)
    overlap = tf.reduce_sum(probability * target)
    total = tf.reduce_sum(probability) + tf.reduce_sum(target)
    return bce + 1 - (2 * overlap + 1) / (total + 1)


class ConvLstmLayer(layers.Layer):
    """All four gates in one convolution; keras.layers.ConvLSTM2D makes eight small ones a step."""

    def __init__(self, hidden, **options):
        super().__init__(**options)
        self.hidden = hidden

    def build(self, shape):
        gates = 4 * self.hidden
        self.input_kernel = self.add_weight(shape=(3, 3, shape[-1], gates), name="kernel_ih")
        self.hidden_kernel = self.add_weight(shape=(3, 3, self.hidden, gates), name="kernel_hh")
        self.bias = self.add_weight(shape=(gates,), initializer="zeros", name="bias")

    def call(self, x, state=None):
        """[B,T,H,W,C] and (h, c) to the hidden states of all steps and the last (h, c)."""
        outputs = []
        for step in tf.unstack(x, axis=1):
            gates = tf.nn.conv2d(step, self.input_kernel, 1, "SAME") + self.bias
            if state is not None:
                gates += tf.nn.conv2d(state[0], self.hidden_kernel, 1, "SAME")
            i, f, g, o = tf.split(gates, 4, axis=-1)
            c = tf.sigmoid(i) * tf.tanh(g)
            if state is not None:
                c += tf.sigmoid(f) * state[1]
            state = (tf.sigmoid(o) * tf.tanh(c), c)
            outputs.append(state[0])
        return tf.stack(outputs, axis=1), state


class ConvLstm(keras.Model):
    """Encoder and forecaster of two layers each, a 1x1 convolution over both layers' outputs."""

    def __init__(self, hidden=32):
        super().__init__()
        self.encoder = [ConvLstmLayer(hidden), ConvLstmLayer(hidden)]
        self.forecaster = [ConvLstmLayer(hidden), ConvLstmLayer(hidden)]
        self.change = layers.Conv2D(1, 1)

    def call(self, inputs):
        x, ahead, reference = inputs
        states = []
        for layer in self.encoder:
            x, state = layer(x)
            states.append(state)
        outputs = []
        for layer, state in zip(self.forecaster, states):
            ahead, _ = layer(ahead, state)
            outputs.append(ahead)
        frames = tf.concat(outputs, axis=-1)
        frames = tf.reshape(frames, [-1, *frames.shape[2:]])
        return reference + tf.reshape(self.change(frames), reference.shape)


def convlstm_loss(prediction, target, weights):
    counted = weights > 0
    error = tf.where(counted, prediction - target, 0.0)
    weight = tf.where(counted, weights, 0.0)
    total = tf.maximum(tf.reduce_sum(weight), 1e-12)
    return tf.reduce_sum(weight * tf.square(error)) / total


def trunk(x, block, expansion):
    """The features of a ResNet of 3, 4, 6 and 3 blocks: the stem's, then each stage's."""
    x = convolve(x, 64, 7, stride=2)
    features = [x]
    x = layers.ZeroPadding2D(1)(x)  # after a ReLU, zero is as good as minus infinity
    x = layers.MaxPooling2D(3, 2)(x)
    for stage, count in enumerate((3, 4, 6, 3)):
        for i in range(count):
            x = block(x, 64 * 2**stage, 2 if i == 0 and stage > 0 else 1, expansion)
        features.append(x)
    return features


def basic_block(x, channels, stride, expansion):
    y = convolve(x, channels, 3, stride)
    y = convolve(y, channels, 3, activation=None)
    return join(x, y, channels * expansion, stride)


def bottleneck(x, channels, stride, expansion):
    y = convolve(x, channels, 1)
    y = convolve(y, channels, 3, stride)
    y = convolve(y, channels * expansion, 1, activation=None)
    return join(x, y, channels * expansion, stride)


def join(x, y, channels, stride):
    """Adds what goes round a block."""
    if stride > 1 or x.shape[-1] != channels:
        x = convolve(x, channels, 1, stride, activation=None)
    return layers.ReLU()(layers.Add()([x, y]))


def convolve(x, channels, size, stride=1, activation="relu"):
    """Convolution with torch's padding, batch norm, activation."""
    if stride > 1 and size > 1:
        x = layers.ZeroPadding2D(size // 2)(x)
    padding = "same" if stride == 1 or size == 1 else "valid"
    x = layers.Conv2D(channels, size, stride, padding, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    return layers.ReLU()(x) if activation else x


def network(row):
    """A row's network and its loss."""
    match row["network"]:
        case "resnet50":
            return classifier(row["height"], row["width"]), classifier_loss
        case "siamese":
            return siamese(row["height"], row["width"]), siamese_loss
        case _:
            return ConvLstm(), convlstm_loss
