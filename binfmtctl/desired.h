/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans that follow from the configuration and from what was applied before. */
#pragma once

#include "binfmtctl/config.h"
#include "binfmtctl/plan.h"
#include "binfmtctl/record.h"

/* The record of the instance at @fd. */
int desired_record(int root_fd, int fd, struct record *ret) _must_check_;

/* A new item of @plan for a rule of @config: where it stands, and what is wrong with it. */
struct plan_item *desired_item(const struct config *config, const struct conf_rule *r,
			       struct plan *plan);

/*
 * Items for all rules of the configuration that count. With @exclusive, as systemd does it: an
 * entry goes even if its rule cannot be registered, and switched-off ones are switched on.
 */
int desired_items(const struct config *config, bool exclusive,
		  const struct entries *entries, struct plan *plan) _must_check_;

/* Removals of what was applied before, is unchanged, and is in no item of the plan. */
int desired_stale(const struct record *record, const struct entries *entries,
		  struct plan *plan) _must_check_;

/* Removals of everything that the configuration or the record names. */
int desired_removals(const struct config *config, const struct record *record,
		     const struct entries *entries, struct plan *plan) _must_check_;
