#include "ml_device.h"

/* ---- beginnings and ends */

static int32_t open_link(ml_device *device, uint32_t now_ms) {
  device->is_live = false;
  device->has_agreed = false;
  device->is_ready = false;
  device->is_leaving = false;
  const int32_t status = ml_packets_open(&device->packets, &device->options.packets, now_ms);
  device->generation = device->packets.generation;
  return status;
}

int32_t ml_device_open(ml_device *device, const ml_device_options *options, uint32_t now_ms) {
  if (device == NULL || options == NULL || options->gate == NULL || options->device == NULL) return ML_BAD_ARGUMENT;
  ml_device_close(device, now_ms);
  device->options = *options;
  return open_link(device, now_ms);
}

void ml_device_close(ml_device *device, uint32_t now_ms) {
  if (device->is_live) ml_session_end(&device->session, now_ms);
  device->is_live = false;
  device->is_ready = false;
}

/* The session is over, for `reason`. Of a handshake that came to nothing the other end is told nothing: whoever wants another begins it. A
 * host that holds keys has to learn that they are void, and does when the link begins anew. */
static void leave(ml_device *device, int32_t reason, uint32_t now_ms) {
  const bool had_agreed = device->has_agreed;
  device->counts.last_reason = reason;
  device->is_live = false;
  device->is_ready = false;
  device->is_leaving = false;
  if (!had_agreed) {
    device->counts.refused++;
  } else if (reason == ML_EXPIRED) {
    device->is_leaving = true; /* Its bye is on the way. */
  } else {
    device->counts.broken++;
    (void)open_link(device, now_ms);
  }
}

static void break_off(ml_device *device, int32_t reason, uint32_t now_ms) {
  ml_session_end(&device->session, now_ms);
  leave(device, reason, now_ms);
}

/* The host has said that it will say no more. What it acknowledged counts; the link stays, for whoever comes next. */
static void part(ml_device *device, uint32_t now_ms) {
  ml_session_end(&device->session, now_ms);
  device->counts.byes++;
  device->is_live = false;
  device->is_ready = false;
}

static void begin_session(ml_device *device, uint32_t now_ms) {
  const ml_device_options *options = &device->options;
  device->generation = device->packets.generation;
  device->has_agreed = false;
  device->is_ready = false;
  device->is_leaving = false;
  device->counts.previews_dropped = 0u;
  device->is_live = ml_session_begin(&device->session, options->gate, options->capabilities, options->capability_count,
                                     now_ms) == ML_OK;
}

/* After each step of the session: has it become more than it was? */
static void note_progress(ml_device *device) {
  const uint32_t state = ml_session_state(&device->session);
  if (state >= ML_SESSION_SAS && state != ML_SESSION_CLOSED) device->has_agreed = true;
  if (device->is_ready || !ml_session_is_ready(&device->session)) return;
  device->is_ready = ml_sync_begin(&device->sync, device->options.device, ml_session_peer(&device->session)) == ML_OK;
  if (device->is_ready) device->counts.sessions++;
}

/* ---- what comes */

/* False when the session is over. */
static bool take_message(ml_device *device, uint32_t channel, uint32_t count, uint32_t now_ms) {
  uint32_t plain = 0u;
  const int32_t answer = ml_session_take(&device->session, channel, device->message, count, now_ms, &plain);
  if (answer < 0) {
    leave(device, answer, now_ms);
    return false;
  }
  note_progress(device);
  if (answer != ML_SESSION_MESSAGE || !device->is_ready) return true;
  const int32_t sense = ml_sync_take(&device->sync, device->message, plain);
  if (sense == ML_SYNC_BYE) part(device, now_ms);
  if (sense == ML_VIOLATIONS) break_off(device, sense, now_ms);
  return device->is_live;
}

/* Messages wait in the packet layer while their answers would have no room; the host then pauses. */
static void take_messages(ml_device *device, uint32_t now_ms) {
  uint32_t channel = 0u;
  while (!device->is_ready || ml_sync_has_room(&device->sync)) {
    const int32_t count = ml_packets_receive(&device->packets, &channel, device->message, sizeof device->message);
    if (count <= 0) return;
    if (device->is_live && !take_message(device, channel, (uint32_t)count, now_ms)) return;
  }
}

static void follow_link(ml_device *device, uint32_t now_ms) {
  if (device->packets.state == ML_PACKETS_DEAD) {
    if (device->is_live) ml_session_end(&device->session, now_ms);
    device->counts.deaths++;
    device->counts.last_reason = device->packets.why;
    (void)open_link(device, now_ms); /* Without chance it stays dead, and is tried again with the next call. */
  } else if (device->packets.generation != device->generation) {
    begin_session(device, now_ms);
  } else {
    /* As it was. */
  }
}

int32_t ml_device_take_packet(ml_device *device, const uint8_t *packet, uint32_t count, uint32_t now_ms) {
  device->now_ms = now_ms;
  const int32_t status = ml_packets_take(&device->packets, packet, count, now_ms);
  follow_link(device, now_ms);
  take_messages(device, now_ms);
  return status;
}

/* ---- what goes */

/* What the session itself has to say goes first: nothing may be sealed before it. */
static void speak_for_session(ml_device *device, uint32_t now_ms) {
  while (device->is_live && ml_packets_room(&device->packets, ML_CHANNEL_CONTROL)) {
    uint32_t channel = ML_CHANNEL_CONTROL;
    uint8_t *const into = ml_packets_buffer(&device->packets, channel);
    const int32_t count = ml_session_give(&device->session, &channel, into, ML_SESSION_GIVE_BYTES, now_ms);
    const int32_t sent = (count > 0) ? ml_packets_commit(&device->packets, channel, (uint32_t)count) : ML_OK;
    note_progress(device);
    if (sent != ML_OK) {
      break_off(device, sent, now_ms); /* The other end takes no message as long as that. */
    } else if (ml_session_state(&device->session) == ML_SESSION_CLOSED) {
      leave(device, ml_session_reason(&device->session), now_ms);
    } else {
      /* It goes on. */
    }
    if (count <= 0) return;
  }
}

/* Seals what was written into the channel's buffer, and sends it: what is sealed is sent, or the session is over. */
static void seal_and_send(ml_device *device, uint32_t channel, uint8_t *message, uint32_t count, uint32_t room) {
  int32_t status = ml_session_seal(&device->session, channel, message, count, room);
  if (status > 0) status = ml_packets_commit(&device->packets, channel, (uint32_t)status);
  if (status < 0) break_off(device, status, device->now_ms);
}

/* The next message of the sync on this channel, if it has one and there is room. */
static void speak_on(ml_device *device, uint32_t channel) {
  const uint32_t room = ml_packets_message_bytes_max(&device->packets);
  uint8_t *const into = ml_packets_buffer(&device->packets, channel);
  if (into == NULL || room <= ML_TAG_BYTES) return;
  uint32_t said_on = channel;
  const int32_t count = ml_sync_give(&device->sync, 1u << channel, &said_on, into, room - ML_TAG_BYTES);
  if (count > 0) {
    seal_and_send(device, channel, into, (uint32_t)count, room);
  } else if (count < 0) {
    break_off(device, count, device->now_ms); /* An item is longer than what the other end takes. */
  } else {
    /* Nothing to say. */
  }
}

static bool may_speak(const ml_device *device) {
  return device->is_live && device->is_ready && ml_session_is_ready(&device->session);
}

static void speak(ml_device *device, uint32_t now_ms) {
  speak_for_session(device, now_ms);
  if (may_speak(device)) speak_on(device, ML_CHANNEL_CONTROL);
  if (may_speak(device)) speak_on(device, ML_CHANNEL_BULK);
}

int32_t ml_device_give_packet(ml_device *device, uint8_t *into, uint32_t bytes, uint32_t now_ms) {
  device->now_ms = now_ms;
  follow_link(device, now_ms);
  take_messages(device, now_ms); /* For what was left because there was no room. */
  if (device->is_leaving && ml_packets_is_idle(&device->packets)) (void)open_link(device, now_ms);
  speak(device, now_ms);
  const int32_t count = ml_packets_give(&device->packets, into, bytes, now_ms);
  if (count != ML_DEAD) return count;
  follow_link(device, now_ms);
  return ml_packets_give(&device->packets, into, bytes, now_ms);
}

uint32_t ml_device_wait_ms(const ml_device *device, uint32_t now_ms) {
  const uint32_t link_ms = ml_packets_wait_ms(&device->packets, now_ms);
  if (!device->is_live) return link_ms;
  return ml_least(link_ms, ml_session_wait_ms(&device->session, now_ms));
}

void ml_device_preview(ml_device *device, uint16_t number, const uint8_t *item, uint32_t count) {
  if (!may_speak(device) || !ml_sync_wants_live(&device->sync, number)) return;
  const uint32_t room = ml_packets_message_bytes_max(&device->packets);
  uint8_t *const into = ml_packets_buffer(&device->packets, ML_CHANNEL_LIVE);
  if (into == NULL || room <= ML_TAG_BYTES) {
    device->counts.previews_dropped++;
    return;
  }
  const int32_t written =
      ml_sync_live(&device->sync, number, item, count, device->counts.previews_dropped, into, room - ML_TAG_BYTES);
  if (written > 0) seal_and_send(device, ML_CHANNEL_LIVE, into, (uint32_t)written, room);
  if (written < 0) device->counts.previews_dropped++;
}

/* ---- who is there */

bool ml_device_is_ready(const ml_device *device) {
  return device->is_live && device->is_ready;
}

const uint8_t *ml_device_host(const ml_device *device) {
  return ml_device_is_ready(device) ? ml_session_peer(&device->session) : NULL;
}

const char *ml_device_digits(const ml_device *device) {
  return device->is_live ? ml_session_digits(&device->session) : NULL;
}

void ml_device_answer(ml_device *device, bool is_same, uint32_t now_ms) {
  if (device->is_live) ml_session_answer(&device->session, is_same, now_ms);
}
