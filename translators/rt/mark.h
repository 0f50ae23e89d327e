/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sixteen bytes before the entry point of a translator. tags: rt - mark of the entry point
 */
#pragma once

#define RT_START_MARK "xlate start v1: "
