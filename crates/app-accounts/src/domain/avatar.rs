//! Pictures of people: whatever was uploaded is decoded, cropped, scaled and encoded anew, so that
//! nothing of the uploaded file itself is ever served.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Limits};

/// Side of a stored picture, in pixels.
const SIDE: u32 = 256;
/// Most bytes of a stored picture; also a constraint of the table.
const MOST_BYTES: usize = 48 * 1024;
/// Most bytes of an upload.
pub const MOST_UPLOADED: usize = 5 * 1024 * 1024;
/// Widest and highest picture that is decoded.
const MOST_PIXELS: u32 = 8_000;

/// A picture as stored and served.
#[derive(Clone, Debug)]
pub struct Avatar {
    /// Media type.
    pub content_type: &'static str,
    /// The encoded picture.
    pub content: Vec<u8>,
}

/// Why an upload does not do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Neither PNG, JPEG nor WebP.
    #[error("the file is not a PNG, JPEG or WebP picture")]
    Kind,
    /// Damaged, or larger than is decoded.
    #[error("the picture cannot be read")]
    Damaged,
}

impl Avatar {
    /// Makes a square picture of an upload. Takes tens of milliseconds: call it off the async threads.
    ///
    /// # Errors
    /// Why the upload does not do.
    pub fn from_upload(upload: &[u8]) -> Result<Self, Unusable> {
        let mut reader = ImageReader::new(Cursor::new(upload))
            .with_guessed_format()
            .map_err(|_| Unusable::Kind)?;
        let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
        if !reader
            .format()
            .is_some_and(|format| known.contains(&format))
        {
            return Err(Unusable::Kind);
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_PIXELS);
        limits.max_image_height = Some(MOST_PIXELS);
        limits.max_alloc = Some(256 * 1024 * 1024);
        reader.limits(limits);
        let picture = reader.decode().map_err(|_| Unusable::Damaged)?;
        Self::encode(&square(&picture))
    }

    /// JPEG, at the best quality that fits. Transparent parts become white.
    fn encode(picture: &DynamicImage) -> Result<Self, Unusable> {
        let mut canvas = image::RgbaImage::from_pixel(SIDE, SIDE, image::Rgba([255; 4]));
        image::imageops::overlay(&mut canvas, &picture.to_rgba8(), 0, 0);
        let canvas = DynamicImage::ImageRgba8(canvas).to_rgb8();
        for quality in [88, 75, 60, 40] {
            let mut content = Vec::new();
            let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut content, quality);
            canvas
                .write_with_encoder(encoder)
                .map_err(|_| Unusable::Damaged)?;
            if content.len() <= MOST_BYTES {
                return Ok(Self {
                    content_type: "image/jpeg",
                    content,
                });
            }
        }
        Err(Unusable::Damaged)
    }
}

fn square(picture: &DynamicImage) -> DynamicImage {
    let side = picture.width().min(picture.height());
    let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
    picture.crop_imm(left, top, side, side).resize_exact(
        SIDE,
        SIDE,
        image::imageops::FilterType::Lanczos3,
    )
}

#[cfg(test)]
mod tests {
    use super::{Avatar, MOST_BYTES, Unusable};
    use image::{DynamicImage, ImageFormat, RgbImage};
    use std::io::Cursor;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let noise = RgbImage::from_fn(width, height, |x, y| {
            let byte = |number: u32| number.to_le_bytes()[0];
            image::Rgb([byte(x * 37), byte(y * 91), byte(x ^ y)])
        });
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(noise)
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn any_shape_becomes_a_small_square() {
        let avatar = Avatar::from_upload(&png(900, 300)).unwrap();
        let stored = image::load_from_memory(&avatar.content).unwrap();
        assert_eq!((stored.width(), stored.height()), (256, 256));
        assert!(avatar.content.len() <= MOST_BYTES);
    }

    #[test]
    fn other_files_and_damaged_ones_are_refused() {
        assert_eq!(
            Avatar::from_upload(b"<svg onload=alert(1)>").unwrap_err(),
            Unusable::Kind
        );
        assert_eq!(
            Avatar::from_upload(b"GIF89a\x01\x00\x01\x00").unwrap_err(),
            Unusable::Kind
        );
        let mut cut = png(64, 64);
        cut.truncate(100);
        assert_eq!(Avatar::from_upload(&cut).unwrap_err(), Unusable::Damaged);
    }
}
