#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's ffmpeg for arm64, with its NEON code: what the amd64 build encoded from test sources is
# decoded by both; encoders of integers make the same bytes; filters. Codecs of floating-point sound
# sum in another order on each processor, so their samples may differ by one; they must be equal to
# the bit under qemu. So must what encodes or filters with floating point.
set -u
# shellcheck source=tests/lib/tap.sh
. "${top_srcdir:-.}/tests/lib/tap.sh"
# shellcheck source=tests/debian/packages.sh
. "${top_srcdir:-.}/tests/debian/packages.sh"
packages_needed usr/bin/ffmpeg

ffmpeg=usr/bin/ffmpeg
quiet='-hide_banner -loglevel error -nostdin -y'
exact='-fflags +bitexact -flags +bitexact -sws_flags +accurate_rnd+bitexact'
video='-f lavfi -i testsrc2=size=128x96:rate=25:duration=0.5'
sound='-f lavfi -i aevalsrc=0.3*sin(440*2*PI*t)+0.2*sin(3300*t*t)+0.05*random(0)|0.4*sin(700*t+sin(9*t)):s=44100:d=1.2'

# NAME | encoder and its options | suffix
videos='
h264	libx264 -preset medium -bf 3 -pix_fmt yuv420p	mkv
h264-interlaced	libx264 -flags +ildct+ilme -x264opts tff=1:cabac=0 -pix_fmt yuv420p	mkv
h264-10bit	libx264 -pix_fmt yuv422p10le	mkv
hevc	libx265 -x265-params log-level=0:pools=1 -pix_fmt yuv420p	mkv
hevc-10bit	libx265 -x265-params log-level=0:pools=1 -pix_fmt yuv420p10le	mkv
vp8	libvpx -b:v 200k -cpu-used 8	webm
vp9	libvpx-vp9 -b:v 200k -cpu-used 8 -deadline realtime	webm
vp9-444	libvpx-vp9 -b:v 200k -cpu-used 8 -deadline realtime -pix_fmt yuv444p	webm
av1	libaom-av1 -cpu-used 8 -usage realtime -b:v 200k	mkv
theora	libtheora -q:v 6	ogv
mpeg1	mpeg1video -bf 2	mkv
mpeg2	mpeg2video -bf 2 -flags +ildct+ilme	mkv
mpeg4	mpeg4 -bf 2 -flags +mv4+aic -mpeg_quant 1	mkv
xvid	libxvid	mkv
h263p	h263p	mkv
flv	flv	flv
msmpeg4	msmpeg4	avi
wmv1	wmv1	avi
wmv2	wmv2	avi
mjpeg	mjpeg -pix_fmt yuvj420p	avi
ljpeg	ljpeg -strict -1	avi
jpeg2000	jpeg2000	avi
png	png	mkv
apng	apng	apng
gif	gif	gif
tiff	tiff	mkv
bmp	bmp	avi
dpx	dpx	mkv
webp	libwebp -frames:v 1	webp
prores	prores_ks -profile:v 2	mov
prores-4444	prores_ks -profile:v 4 -pix_fmt yuva444p10le	mov
dnxhd	dnxhd -profile:v dnxhr_sq -vf scale=256:144 -pix_fmt yuv422p	mov
dv	dvvideo -vf scale=720:576 -pix_fmt yuv420p	dv
cineform	cfhd -pix_fmt yuv422p10le	mov
dirac	vc2 -pix_fmt yuv420p -strict -1	mkv
snow	snow -strict -2	mkv
ffv1	ffv1 -level 3 -slices 4 -slicecrc 1	mkv
ffvhuff	ffvhuff	avi
huffyuv	huffyuv -pix_fmt yuv422p	avi
utvideo	utvideo	avi
magicyuv	magicyuv -pix_fmt yuv444p	avi
cinepak	cinepak	avi
qtrle	qtrle	mov
svq1	svq1 -pix_fmt yuv410p	mov
zmbv	zmbv -pix_fmt bgr0	avi
flashsv	flashsv	flv
zlib	zlib	avi
asv1	asv1	avi
speedhq	speedhq	avi
rv20	rv20	rm
raw	rawvideo -pix_fmt yuv420p	avi'

# Sound whose decoders compute with integers,
sounds='
flac	flac	flac
flac-24	flac -sample_fmt s32	flac
alac	alac	m4a
mp3-fixed	libmp3lame -b:a 128k	mp3	mp3
mp2-fixed	mp2 -b:a 128k	mp2	mp2
ac3-fixed	ac3_fixed -b:a 192k	ac3	ac3_fixed
aac-fixed	aac -b:a 128k	m4a	aac_fixed
wavpack	wavpack -sample_fmt s16p	wv
tta	tta	tta
g722	g722 -ac 1 -ar 16000	wav
g726	g726 -ac 1 -ar 8000	wav
adpcm-ima	adpcm_ima_wav	wav
adpcm-ms	adpcm_ms	wav
adpcm-yamaha	adpcm_yamaha	wav
mulaw	pcm_mulaw	wav
s24	pcm_s24le	wav
dts	dca -strict -2	dts
truehd	truehd -strict -2	thd
gsm	libgsm -ac 1 -ar 8000	gsm
sbc	sbc -b:a 200k	sbc	sbc'
# and those that compute with floating point.
floats='
mp3	libmp3lame -b:a 128k	mp3	mp3float
mp2	mp2 -b:a 128k	mp2	mp2float
aac	aac -b:a 128k	m4a	aac
ac3	ac3 -b:a 192k	ac3	ac3
eac3	eac3 -b:a 192k	eac3	eac3
vorbis	libvorbis -q:a 5	ogg	vorbis
opus	libopus -b:a 96k -ar 48000	ogg	opus
opus-libopus	libopus -b:a 96k -ar 48000	ogg	libopus
wmav1	wmav1 -b:a 128k	wma	wmav1
wmav2	wmav2 -b:a 128k	wma	wmav2
nellymoser	nellymoser -ac 1	flv	nellymoser
speex	libspeex	spx	libspeex'

table()
{
	printf '%s\n' "$1" | grep .
}

tab=$(printf '\t')
media=$work/media
mkdir "$media"

# encode KIND SOURCE TABLE: by the amd64 build, once. What its package lacks is named.
encode()
{
	table "$3" > "$work/table"
	while IFS=$tab read -r name options suffix decoder; do
		# shellcheck disable=SC2086
		native $ffmpeg $quiet $2 -threads 1 $exact -$1 $options \
			"$media/$name.$suffix" > "$work/why" 2>&1 < /dev/null ||
			skip "$name" "amd64: $(tail -n 1 "$work/why")"
	done < "$work/table"
}
encode c:v "$video" "$videos"
encode c:a "$sound" "$sounds"
encode c:a "$sound" "$floats"

decode() # FILE DECODER
{
	# shellcheck disable=SC2086
	run $ffmpeg $quiet -flags +bitexact -idct simple ${2:+-c:a $2} -i "$1" $exact \
		-vsync passthrough -f framemd5 -
}

decode_table() # KIND TABLE
{
	table "$1" > "$work/table"
	while IFS=$tab read -r name options suffix decoder; do
		[ -s "$media/$name.$suffix" ] || continue
		compare "decode $name" decode "$media/$name.$suffix" "$decoder" < /dev/null
	done < "$work/table"
}
decode_table "$videos"
decode_table "$sounds"

# raw RUNNER FILE DECODER OUTPUT: samples, without a conversion of rates.
raw()
{
	# shellcheck disable=SC2086
	$1 $ffmpeg $quiet -flags +bitexact -c:a "$3" -i "$2" $exact -f f32le "$4"
}

# The largest difference of two files of floats, in steps of 16 bits.
distance()
{
	native usr/bin/python3.11 -c '
import array, sys
a, b = (array.array("f", open(name, "rb").read()) for name in sys.argv[1:])
print("lengths differ" if len(a) != len(b) else
      "%d" % (max((abs(x - y) for x, y in zip(a, b)), default=9) * 32768 + 0.5))' "$@"
}

# The same program under qemu.
qemu()
{
	XLATE=$QEMU_AARCH64 guest "$@"
}

table "$floats" > "$work/floats"
while IFS=$tab read -r name options suffix decoder; do
	[ -s "$media/$name.$suffix" ] || continue
	why=$(raw native "$media/$name.$suffix" "$decoder" "$work/native.raw" 2>&1 &&
		raw guest "$media/$name.$suffix" "$decoder" "$work/guest.raw" 2>&1) || {
		not_ok "decode $name" "$why"
		continue
	}
	steps=1
	# Its filters feed back what they make.
	[ "$name" != speex ] || steps=16
	distance=$(distance "$work/native.raw" "$work/guest.raw")
	if [ "$distance" -le $steps ] 2> /dev/null; then
		ok "decode $name: as amd64, within $steps of 65536 steps"
	else
		not_ok "decode $name" "off by $distance"
	fi
	if [ ! "${QEMU_AARCH64:-}" ]; then
		skip "decode $name: as under qemu" "no qemu-aarch64"
	elif raw qemu "$media/$name.$suffix" "$decoder" "$work/qemu.raw" > "$work/why" 2>&1 &&
		cmp "$work/qemu.raw" "$work/guest.raw" > "$work/why"; then
		ok "decode $name: as under qemu, to the bit"
	else
		not_ok "decode $name: as under qemu" "$(tail -n 3 "$work/why")"
	fi
done < "$work/floats"

# as_qemu NAME FUNCTION [ARGUMENT...]: as compare, but of arm64's program under both translators. What
# computes with floating point rounds products and sums at once where the processor can: not on amd64.
as_qemu()
{
	name=$1
	shift
	if [ ! "${QEMU_AARCH64:-}" ]; then
		skip "$name: as under qemu" "no qemu-aarch64"
		return
	fi
	rm -rf "$work/xlate"
	try arm64 "$@" && mv "$work/arm64" "$work/xlate"
	(XLATE=$QEMU_AARCH64 && try arm64 "$@")
	if diff -ra "$work/arm64" "$work/xlate" > "$work/diff" 2>&1; then
		ok "$name: as under qemu ($(wc -l < "$work/xlate/output") lines, $(find "$work/xlate" -type f | wc -l) files)"
	else
		not_ok "$name: as under qemu" "$(head -n 20 "$work/diff" | cut -c 1-200)"
	fi
}

# Encoders whose decisions are made with integers leave the same file.
encode_one() # KIND SOURCE SUFFIX OPTION...
{
	kind=$1 source=$2 suffix=$3
	shift 3
	# shellcheck disable=SC2086
	run $ffmpeg $quiet $source -threads 1 $exact -$kind "$@" out.$suffix
}
for encoder in "ffv1 -level 3" huffyuv utvideo png qtrle flashsv libvpx prores_ks; do
	# shellcheck disable=SC2086
	compare "encode $encoder" encode_one c:v "$video" mkv $encoder
done
for encoder in "mpeg2video -bf 2" mpeg4 mjpeg "libx264 -preset fast"; do
	# shellcheck disable=SC2086
	as_qemu "encode $encoder" encode_one c:v "$video" mkv $encoder
done
# Made of samples of integers, since those of the source are computed with libm.
raw_sound="-f s16le -ar 44100 -ac 2 -i $media/raw.s16"
# shellcheck disable=SC2086
native $ffmpeg $quiet $sound -f s16le "$media/raw.s16"
for encoder in flac wavpack tta alac pcm_s24le adpcm_ima_wav; do
	compare "encode $encoder" encode_one c:a "$raw_sound" mka $encoder
done

# Filters and conversions with code for NEON.
filter() # FILTER
{
	# shellcheck disable=SC2086
	run $ffmpeg $quiet -i "$media/ffv1.mkv" -vf "$1" $exact -f framemd5 -
}
for filter in scale=200:150:flags=bicubic+accurate_rnd+bitexact format=rgb24 format=rgb565 \
	format=yuv444p10le,scale=64:48:flags=area+accurate_rnd+bitexact yadif \
	hflip,vflip,transpose=1 edgedetect hqdn3d unsharp noise=alls=20:all_seed=5 \
	boxblur=2:1 negate,format=gray; do
	compare "filter $filter" filter "$filter"
done
as_qemu "filter gblur" filter gblur
tap_done
